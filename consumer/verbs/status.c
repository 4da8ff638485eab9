/* tellerd status: what `kafka-consumer-groups --describe` shows, by the database. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/core/lane_stop.h"
#include "consumer/verbs/log_marks.h"
#include "consumer/verbs/table.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

static const char *const options[] = {"json",     "brokers",      "db",     "property",
                                      "insecure", "kafka-config", "config", NULL};

static const struct verb verb = {
    .name = "status",
    .usage = "[OPTION]...",
    .about =
        "Shows every lane: who owns it, where it stands, how far the end of the log is, and why\n"
        "it stopped if it did. Without a broker the end of the log stays empty.\n",
    .options = options,
};

static const struct table_column columns[] = {
    {"LANE", "lane", true},       {"OWNER", "owner", false},
    {"EPOCH", "epoch", true},     {"NEXT-OFFSET", "next_offset", true},
    {"LOG-END", "log_end", true}, {"LAG", "lag", true},
    {"STATE", "state", false},    {"DETAIL", "detail", false},
};

#define COLUMNS ((int)(sizeof columns / sizeof *columns))

static const char *state_of(const struct pg_lane *lane) {
    const struct uuid nobody = LANE_OWNER_NONE;
    if (lane->stop != LANE_RUNNING) {
        return lane_stop_word((enum lane_stop)lane->stop);
    }
    return uuid_equal(&lane->row.owner, &nobody) ? "unowned" : "running";
}

static void add_lane(struct table *table, const struct pg_lane *lane, const struct log_mark *mark) {
    const struct uuid nobody = LANE_OWNER_NONE;
    char owner[UUID_TEXT_LEN + 1] = "";
    char numbers[5][24] = {"", "", "", "", ""};
    const int64_t next = lane->row.next_offset;
    if (!uuid_equal(&lane->row.owner, &nobody)) {
        uuid_format(&lane->row.owner, owner);
    }
    (void)snprintf(numbers[0], sizeof numbers[0], "%d", lane->row.lane);
    (void)snprintf(numbers[1], sizeof numbers[1], "%" PRId64, lane->row.epoch);
    (void)snprintf(numbers[2], sizeof numbers[2], "%" PRId64, next);
    if (mark != NULL) {
        (void)snprintf(numbers[3], sizeof numbers[3], "%" PRId64, mark->high);
        (void)snprintf(numbers[4], sizeof numbers[4], "%" PRId64, mark->high - next);
    }
    const char *const cells[COLUMNS] = {numbers[0], owner,      numbers[1],     numbers[2],
                                        numbers[3], numbers[4], state_of(lane), lane->detail};
    table_add(table, cells);
}

static bool read_lanes(struct pg_conn *conn, int32_t lanes, struct pg_lane *out, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    enum pg_answer answer = pg_audit_begin(conn, &failure);
    for (int32_t lane = 0; answer == PG_DONE && lane < lanes; lane++) {
        answer = pg_audit_lane(conn, (uint16_t)lane, &out[lane], &failure);
    }
    if (answer == PG_DONE) {
        answer = pg_audit_end(conn, &failure);
    }
    *err = failure.err;
    return answer == PG_DONE;
}

/* The log's ends are asked after the positions: a lag is never shown too small. */
static bool show(const struct verb_settings *settings, struct pg_conn *conn,
                 const struct pg_registration *ledger, struct err *err) {
    struct pg_lane lanes[PG_LANES_MAX];
    struct log_mark marks[PG_LANES_MAX];
    struct kafka_settings kafka;
    struct table table;
    if (!read_lanes(conn, ledger->partitions, lanes, err)) {
        return false;
    }
    verb_kafka(settings, &kafka);
    const bool asked = verb_has_broker(settings);
    const bool answered = asked && log_marks_read(&kafka, ledger->commands_topic,
                                                  (uint16_t)ledger->partitions, marks, err);
    table_init(&table, columns, COLUMNS, settings->json);
    for (int32_t lane = 0; lane < ledger->partitions; lane++) {
        add_lane(&table, &lanes[lane], answered ? &marks[lane] : NULL);
    }
    table_print(&table, "lanes");
    table_close(&table);
    return answered || !asked;
}

int verb_status(int argc, char **argv) {
    int code = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    struct pg_registration ledger;
    struct pg_failure failure = PG_FAILURE_INIT;
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    struct pg_conn *conn = verb_reader(&settings, &err);
    bool fine = conn != NULL;
    if (fine && pg_schema_read(conn, &ledger, &failure) != PG_DONE) {
        err = failure.err;
        fine = false;
    }
    fine = fine && show(&settings, conn, &ledger, &err);
    pg_conn_close(conn);
    return fine ? 0 : verb_fail(&verb, &err);
}
