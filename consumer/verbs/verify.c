/* tellerd verify: proves a live ledger, lane by lane. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/strbuf.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"
#include "consumer/verbs/verify_lane.h"

#define EXIT_DIFFERENCE 1

static const char *const options[] = {"db", "lane", "json", "config", NULL};

static const struct verb verb = {
    .name = "verify",
    .usage = "[OPTION]...",
    .about =
        "Proves the ledger, lane by lane, while workers write: every balance is the sum of its\n"
        "journal, versions have no gaps, holds match, every seal is intact, and all accounts\n"
        "of an asset sum up to 0. Names the first bad row of a lane and exits 1.\n",
    .options = options,
};

struct verification {
    struct pg_conn *conn;
    const struct verb_settings *settings;
    struct verify_counts counts;
    struct verify_totals ledger;
    int lanes;
    int bad_lanes;
    struct strbuf differences; /* items of a JSON array */
};

static void report(struct verification *run, int lane, const struct finding *finding) {
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
    return true;
}

static void print_text(const struct verification *run) {
    const struct verify_counts *counts = &run->counts;
    printf("%s: %d lanes, %" PRIu64 " journal rows, %" PRIu64 " seals, %" PRIu64
           " accounts, %" PRIu64 " holds, %" PRIu64 " quarantined\n",
           run->bad_lanes == 0 ? "verified" : "NOT verified", run->lanes, counts->rows,
           counts->seals, counts->accounts, counts->holds, counts->quarantined);
    for (size_t i = 0; i < run->ledger.count; i++) {
        const struct asset_total *total = &run->ledger.items[i];
        char accounts[MONEY_TEXT_MAX];
        char sum[MONEY_TEXT_MAX];
        money_wide_format(total->accounts, accounts);
        money_wide_format(verify_totals_sum(total), sum);
        printf("  %-8s accounts %s, with system accounts %s\n", total->asset.text, accounts, sum);
    }
}

static void print_json(const struct verification *run) {
    const struct verify_counts *counts = &run->counts;
    printf("{\"v\":1,\"verified\":%s,\"lanes\":%d,\"rows\":%" PRIu64 ",\"seals\":%" PRIu64
           ",\"accounts\":%" PRIu64 ",\"holds\":%" PRIu64 ",\"quarantined\":%" PRIu64
           ",\"assets\":[",
           run->bad_lanes == 0 ? "true" : "false", run->lanes, counts->rows, counts->seals,
           counts->accounts, counts->holds, counts->quarantined);
    for (size_t i = 0; i < run->ledger.count; i++) {
        const struct asset_total *total = &run->ledger.items[i];
        char accounts[MONEY_TEXT_MAX];
        char sum[MONEY_TEXT_MAX];
        money_wide_format(total->accounts, accounts);
        money_wide_format(verify_totals_sum(total), sum);
        printf("%s{\"asset\":\"%s\",\"accounts\":\"%s\",\"sum\":\"%s\"}", i > 0 ? "," : "",
               total->asset.text, accounts, sum);
    }
    printf("],\"differences\":[%s]}\n", run->differences.len > 0 ? run->differences.text : "");
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
    pg_conn_close(run.conn);
    return code;
}
