/* tellerd health: one look for a container's health check, cheap enough for every second. */
#include <stdio.h>

#include "consumer/adapters/http_probe.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/core/lane_stop.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

#define PROBE_MS 3000
#define HTTP_OK 200

static const char *const options[] = {"http", "db", "config", NULL};

static const struct verb verb = {
    .name = "health",
    .usage = "[OPTION]...",
    .about = "Exits 0 while all is ready. With --http it asks that worker's /readyz; without,\n"
             "it asks the database whether every lane has an owner and none is stopped. Exits 69\n"
             "with the reason otherwise, 78 if a lane waits for a person.\n",
    .options = options,
};

static bool ask_worker(const struct verb_settings *settings, struct err *err) {
    struct http_probe answer;
    if (!http_probe(settings->http, "/readyz", PROBE_MS, &answer, err)) {
        return false;
    }
    return answer.status == HTTP_OK ||
           err_set(err, ERR_UNREACHABLE, "not ready (%d): %s", answer.status, answer.text);
}

static bool check_lane(const struct pg_lane *lane, struct err *err) {
    const struct uuid nobody = LANE_OWNER_NONE;
    if (lane->stop != LANE_RUNNING) {
        return err_set(err, ERR_OPERATOR, "lane %d is stopped: %s %s", lane->row.lane,
                       lane_stop_word((enum lane_stop)lane->stop), lane->detail);
    }
    return !uuid_equal(&lane->row.owner, &nobody) ||
           err_set(err, ERR_UNREACHABLE, "lane %d has no owner yet", lane->row.lane);
}

static bool check_lanes(struct pg_conn *conn, struct err *err) {
    struct pg_registration ledger;
    struct pg_failure failure = PG_FAILURE_INIT;
    if (pg_schema_read(conn, &ledger, &failure) != PG_DONE) {
        *err = failure.err;
        return false;
    }
    for (int32_t number = 0; number < ledger.partitions; number++) {
        struct pg_lane lane;
        if (pg_audit_lane(conn, (uint16_t)number, &lane, &failure) != PG_DONE) {
            *err = failure.err;
            return false;
        }
        if (!check_lane(&lane, err)) {
            return false;
        }
    }
    return true;
}

static bool ask_database(const struct verb_settings *settings, struct err *err) {
    struct pg_conn *conn = verb_reader(settings, err);
    const bool fine = conn != NULL && check_lanes(conn, err);
    pg_conn_close(conn);
    return fine;
}

int verb_health(int argc, char **argv) {
    int code = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    const bool fine =
        settings.http != NULL ? ask_worker(&settings, &err) : ask_database(&settings, &err);
    return fine ? 0 : verb_fail(&verb, &err);
}
