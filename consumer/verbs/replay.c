/* tellerd replay: applies the log again, in memory, and compares every outcome and balance. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/strbuf.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/replay_lane.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

#define EXIT_DIFFERENCE 1

static const char *const options[] = {"db",       "lane",         "dump",   "write",
                                      "json",     "brokers",      "prefix", "property",
                                      "insecure", "kafka-config", "config", NULL};

static const struct verb verb = {
    .name = "replay",
    .usage = "[OPTION]...",
    .about =
        "Reads the log of a lane from Kafka, or from a dump, applies it in memory with the\n"
        "machine that workers use, and compares every journal row, balance, hold, product and\n"
        "sum with the database, while workers write. Names the first difference of a lane and\n"
        "exits 1. A dump is written with --write, and replayed with --dump, lane by lane.\n",
    .options = options,
};

struct run {
    struct replay_plan plan;
    const struct verb_settings *settings;
    struct replay_counts counts;
    int lanes;
    int bad_lanes;
    struct strbuf differences; /* items of a JSON array */
};

static void report(struct run *run, uint16_t lane, const struct finding *finding) {
    run->bad_lanes++;
    if (!run->settings->json) {
        printf("lane %d: %s\n", lane, finding->text);
        return;
    }
    strbuf_printf(&run->differences,
                  "%s{\"lane\":%d,\"difference\":", run->differences.len > 0 ? "," : "", lane);
    strbuf_add_json_string(&run->differences, finding->text, strlen(finding->text));
    strbuf_add_char(&run->differences, '}');
}

static bool replay_lanes(struct run *run, struct err *err) {
    const int64_t only = run->settings->lane;
    for (uint16_t lane = 0; lane < run->plan.lanes; lane++) {
        struct finding finding = {.found = false};
        if (only >= 0 && only != lane) {
            continue;
        }
        if (!replay_lane(&run->plan, lane, &run->counts, &finding, err)) {
            return false;
        }
        run->lanes++;
        if (finding.found) {
            report(run, lane, &finding);
        }
    }
    return true;
}

/* A file is read, or written, once. */
static bool check_files(const struct run *run, struct err *err) {
    const struct verb_settings *settings = run->settings;
    if (settings->lane >= run->plan.lanes) {
        return err_set(err, ERR_USAGE, "--lane: the ledger has %d lanes", run->plan.lanes);
    }
    if (settings->lane < 0 && (settings->write != NULL || settings->dump != NULL)) {
        return err_set(err, ERR_USAGE, "--dump and --write want a --lane");
    }
    return settings->dump != NULL || verb_has_broker(settings) ||
           err_set(err, ERR_USAGE, "no brokers: use -b HOST:PORT or TELLER_BROKERS, or --dump");
}

static bool replay_ledger(struct run *run, struct err *err) {
    struct pg_registration registration;
    struct leg_secrets secrets;
    struct kafka_settings kafka;
    struct pg_failure failure = PG_FAILURE_INIT;
    if (pg_schema_read(run->plan.conn, &registration, &failure) != PG_DONE ||
        pg_schema_secrets(run->plan.conn, &secrets, &failure) != PG_DONE) {
        *err = failure.err;
        return false;
    }
    verb_kafka(run->settings, &kafka);
    run->plan.kafka = &kafka;
    run->plan.topic = registration.commands_topic;
    run->plan.lanes = (uint16_t)registration.partitions;
    run->plan.secrets = &secrets;
    run->plan.dump = run->settings->dump;
    run->plan.write = run->settings->write;
    return check_files(run, err) && replay_lanes(run, err);
}

static void print_text(const struct run *run) {
    const struct replay_counts *counts = &run->counts;
    printf("%s: %d lanes, %" PRIu64 " records, %" PRIu64 " journal rows, %" PRIu64
           " accounts, %" PRIu64 " holds, %" PRIu64 " products, %" PRIu64 " subscriptions, %" PRIu64
           " quarantined\n",
           run->bad_lanes == 0 ? "replayed" : "NOT as replayed", run->lanes, counts->records,
           counts->rows, counts->accounts, counts->holds, counts->products, counts->subscriptions,
           counts->quarantined);
}

static void print_json(const struct run *run) {
    const struct replay_counts *counts = &run->counts;
    printf("{\"v\":1,\"same\":%s,\"lanes\":%d,\"records\":%" PRIu64 ",\"rows\":%" PRIu64
           ",\"accounts\":%" PRIu64 ",\"holds\":%" PRIu64 ",\"products\":%" PRIu64
           ",\"subscriptions\":%" PRIu64 ",\"quarantined\":%" PRIu64 ",\"differences\":[%s]}\n",
           run->bad_lanes == 0 ? "true" : "false", run->lanes, counts->records, counts->rows,
           counts->accounts, counts->holds, counts->products, counts->subscriptions,
           counts->quarantined, run->differences.len > 0 ? run->differences.text : "");
}

int verb_replay(int argc, char **argv) {
    int code = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    struct run run = {.settings = &settings, .differences = STRBUF_INIT};
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    run.plan.conn = verb_reader(&settings, &err);
    if (run.plan.conn == NULL || !replay_ledger(&run, &err)) {
        code = verb_fail(&verb, &err);
        goto cleanup;
    }
    if (settings.json) {
        print_json(&run);
    } else if (settings.write == NULL || strcmp(settings.write, "-") != 0) {
        print_text(&run);
    }
    code = run.bad_lanes == 0 ? 0 : EXIT_DIFFERENCE;
cleanup:
    strbuf_close(&run.differences);
    pg_conn_close(run.plan.conn);
    return code;
}
