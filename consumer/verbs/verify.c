/* tellerd verify: proves a live ledger, lane by lane. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/strbuf.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"
#include "consumer/verbs/verify_lane.h"
#include "consumer/verbs/verify_legs.h"
#include "consumer/verbs/verify_lost.h"

#define EXIT_DIFFERENCE 1
#define PATIENCE_MS 10000 /* for lanes to reach the end of their logs, where a leg is old */

static const char *const options[] = {"db",           "lane",   "older-than", "json",
                                      "brokers",      "prefix", "property",   "insecure",
                                      "kafka-config", "config", NULL};

static const struct verb verb = {
    .name = "verify",
    .usage = "[OPTION]...",
    .about =
        "Proves the ledger, lane by lane, while workers write: every balance is the sum of its\n"
        "journal, versions have no gaps, holds and stock match, every seal is intact, all\n"
        "accounts of an asset sum up to 0, and every step of a command between lanes has its\n"
        "partner or is under way. Names the first bad row of a lane and exits 1. Legs under way\n"
        "for long are listed; with brokers, one that can never arrive is a difference.\n",
    .options = options,
};

struct verification {
    struct pg_conn *conn;
    const struct verb_settings *settings;
    struct verify_counts counts;
    struct verify_totals ledger;
    struct verify_legs legs;
    int lanes;
    int bad_lanes;
    struct strbuf differences; /* items of a JSON array */
};

#define NO_LANE (-1) /* a difference between lanes */

static void report(struct verification *run, int lane, const struct finding *finding) {
    char number[16] = "null";
    run->bad_lanes++;
    if (lane != NO_LANE) {
        (void)snprintf(number, sizeof number, "%d", lane);
    }
    if (!run->settings->json) {
        printf("%s%s: %s\n", lane == NO_LANE ? "between lanes" : "lane ",
               lane == NO_LANE ? "" : number, finding->text);
        return;
    }
    strbuf_printf(&run->differences,
                  "%s{\"lane\":%s,\"difference\":", run->differences.len > 0 ? "," : "", number);
    strbuf_add_json_string(&run->differences, finding->text, strlen(finding->text));
    strbuf_add_char(&run->differences, '}');
}

static bool look_at(struct verification *run, uint16_t lane, struct err *err) {
    struct finding finding = {.found = false};
    struct pg_failure failure = PG_FAILURE_INIT;
    if (verify_lane(run->conn, lane, &run->counts, &run->ledger, &finding, &failure) != PG_DONE) {
        *err = failure.err;
        return err_context(err, "lane %d", lane);
    }
    run->lanes++;
    if (finding.found) {
        report(run, lane, &finding);
    }
    return true;
}

/* Only with a broker to ask for the ends of the log. */
static enum pg_answer find_lost(struct verification *run,
                                const struct pg_registration *registration, struct finding *finding,
                                struct pg_failure *failure) {
    struct kafka_settings kafka;
    if (run->legs.old_count == 0 || !verb_has_broker(run->settings)) {
        return PG_DONE;
    }
    verb_kafka(run->settings, &kafka);
    const struct verify_lost lost = {.conn = run->conn,
                                     .kafka = &kafka,
                                     .topic = registration->commands_topic,
                                     .lanes = (uint16_t)registration->partitions,
                                     .patience_ms = PATIENCE_MS};
    return verify_lost_find(&lost, &run->legs, finding, failure);
}

static bool look_between(struct verification *run, const struct pg_registration *registration,
                         struct err *err) {
    struct finding finding = {.found = false};
    struct pg_failure failure = PG_FAILURE_INIT;
    run->legs.older_than_ms = run->settings->older_than_s * 1000;
    enum pg_answer answer = verify_legs_read(&run->legs, run->conn, &finding, &failure);
    if (answer == PG_DONE && !finding.found) {
        answer = find_lost(run, registration, &finding, &failure);
    }
    if (answer != PG_DONE) {
        *err = failure.err;
        return err_context(err, "legs");
    }
    if (finding.found) {
        report(run, NO_LANE, &finding);
    }
    return true;
}

static bool look_at_all(struct verification *run, struct err *err) {
    struct pg_registration registration;
    struct pg_failure failure = PG_FAILURE_INIT;
    const int64_t only = run->settings->lane;
    if (pg_schema_read(run->conn, &registration, &failure) != PG_DONE) {
        *err = failure.err;
        return false;
    }
    if (only >= registration.partitions) {
        return err_set(err, ERR_USAGE, "--lane: the ledger has %d lanes", registration.partitions);
    }
    for (int lane = 0; lane < registration.partitions; lane++) {
        if ((only < 0 || only == lane) && !look_at(run, (uint16_t)lane, err)) {
            return false;
        }
    }
    return only >= 0 || look_between(run, &registration, err);
}

static void print_legs(const struct verify_legs *legs) {
    char id[UUID_TEXT_LEN + 1];
    char amount[MONEY_TEXT_MAX];
    printf("  %" PRIu64 " commands between lanes, %" PRIu64 " legs under way\n", legs->commands,
           legs->under_way);
    for (size_t i = 0; i < legs->money_count; i++) {
        money_wide_format(legs->money[i].amount, amount);
        printf("  %-8s under way %s\n", legs->money[i].asset.text, amount);
    }
    for (size_t i = 0; i < legs->old_kept; i++) {
        const struct verify_flight *old = &legs->old[i];
        uuid_format(&old->id, id);
        printf("  old: step %" PRId32 " of %s origin %d, told by lane %d at offset %" PRId64
               ", %" PRId64 " s ago, amount %" PRId64 "\n",
               old->step, id, old->origin, old->lane, old->log_offset, old->age_ms / 1000,
               old->amount);
    }
}

static void print_legs_json(const struct verify_legs *legs) {
    char id[UUID_TEXT_LEN + 1];
    char amount[MONEY_TEXT_MAX];
    printf("\"legs\":{\"commands\":%" PRIu64 ",\"under_way\":%" PRIu64 ",\"old\":%" PRIu64
           ",\"money\":[",
           legs->commands, legs->under_way, legs->old_count);
    for (size_t i = 0; i < legs->money_count; i++) {
        money_wide_format(legs->money[i].amount, amount);
        printf("%s{\"asset\":\"%s\",\"amount\":\"%s\"}", i > 0 ? "," : "",
               legs->money[i].asset.text, amount);
    }
    printf("],\"list\":[");
    for (size_t i = 0; i < legs->old_kept; i++) {
        const struct verify_flight *old = &legs->old[i];
        uuid_format(&old->id, id);
        printf("%s{\"id\":\"%s\",\"origin\":%d,\"step\":%" PRId32 ",\"lane\":%d,\"offset\":%" PRId64
               ",\"age_s\":%" PRId64 ",\"amount\":\"%" PRId64 "\"}",
               i > 0 ? "," : "", id, old->origin, old->step, old->lane, old->log_offset,
               old->age_ms / 1000, old->amount);
    }
    printf("]},");
}

static void print_text(const struct verification *run) {
    const struct verify_counts *counts = &run->counts;
    printf("%s: %d lanes, %" PRIu64 " journal rows, %" PRIu64 " seals, %" PRIu64
           " accounts, %" PRIu64 " holds, %" PRIu64 " products, %" PRIu64 " subscriptions, %" PRIu64
           " quarantined\n",
           run->bad_lanes == 0 ? "verified" : "NOT verified", run->lanes, counts->rows,
           counts->seals, counts->accounts, counts->holds, counts->products, counts->subscriptions,
           counts->quarantined);
    for (size_t i = 0; i < run->ledger.count; i++) {
        const struct asset_total *total = &run->ledger.items[i];
        char accounts[MONEY_TEXT_MAX];
        char sum[MONEY_TEXT_MAX];
        money_wide_format(total->accounts, accounts);
        money_wide_format(verify_totals_sum(total), sum);
        printf("  %-8s accounts %s, with system accounts %s\n", total->asset.text, accounts, sum);
    }
    if (run->settings->lane < 0) {
        print_legs(&run->legs);
    }
}

static void print_json(const struct verification *run) {
    const struct verify_counts *counts = &run->counts;
    printf("{\"v\":1,\"verified\":%s,\"lanes\":%d,\"rows\":%" PRIu64 ",\"seals\":%" PRIu64
           ",\"accounts\":%" PRIu64 ",\"holds\":%" PRIu64 ",\"products\":%" PRIu64
           ",\"subscriptions\":%" PRIu64 ",\"quarantined\":%" PRIu64 ",\"assets\":[",
           run->bad_lanes == 0 ? "true" : "false", run->lanes, counts->rows, counts->seals,
           counts->accounts, counts->holds, counts->products, counts->subscriptions,
           counts->quarantined);
    for (size_t i = 0; i < run->ledger.count; i++) {
        const struct asset_total *total = &run->ledger.items[i];
        char accounts[MONEY_TEXT_MAX];
        char sum[MONEY_TEXT_MAX];
        money_wide_format(total->accounts, accounts);
        money_wide_format(verify_totals_sum(total), sum);
        printf("%s{\"asset\":\"%s\",\"accounts\":\"%s\",\"sum\":\"%s\"}", i > 0 ? "," : "",
               total->asset.text, accounts, sum);
    }
    printf("],");
    if (run->settings->lane < 0) {
        print_legs_json(&run->legs);
    }
    printf("\"differences\":[%s]}\n", run->differences.len > 0 ? run->differences.text : "");
}

int verb_verify(int argc, char **argv) {
    int code = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    struct verification run = {.settings = &settings, .differences = STRBUF_INIT};
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    run.conn = verb_reader(&settings, &err);
    if (run.conn == NULL || !look_at_all(&run, &err)) {
        code = verb_fail(&verb, &err);
        goto cleanup;
    }
    if (settings.json) {
        print_json(&run);
    } else {
        print_text(&run);
    }
    code = run.bad_lanes == 0 ? 0 : EXIT_DIFFERENCE;
cleanup:
    strbuf_close(&run.differences);
    verify_totals_close(&run.ledger);
    verify_legs_close(&run.legs);
    pg_conn_close(run.conn);
    return code;
}
