#include "tests/harness/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rt/clock.h"
#include "tests/harness/audit_results.h"
#include "tests/harness/db.h"
#include "tests/harness/model.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"
#include "tests/harness/worker.h"

static void expect_sound(const struct ledger *ledger, const char *verb) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, (const char *const[]){verb, NULL});
    must(captured.status == 0, "tellerd %s ended with %d: %s%s", verb, captured.status,
         captured.out, captured.err);
    captured_close(&captured);
}

static int64_t field_int(const PGresult *rows, int row, int column) {
    return strtoll(PQgetvalue(rows, row, column), NULL, 10);
}

static void compare_accounts(const struct ledger *ledger, const struct model *model) {
    static const char *const states[] = {"open", "frozen", "closed"};
    PGresult *rows = db_query(ledger->db, "SELECT account, balance, held, version, state"
                                          "  FROM teller.v1_account");
    must((size_t)PQntuples(rows) == model_accounts(model), "%d accounts, the model has %zu",
         PQntuples(rows), model_accounts(model));
    for (int i = 0; i < PQntuples(rows); i++) {
        const char *name = PQgetvalue(rows, i, 0);
        const struct model_account *account = model_account(model, name);
        must(account != NULL, "account %s came from nowhere", name);
        must(field_int(rows, i, 1) == account->balance && field_int(rows, i, 2) == account->held &&
                 field_int(rows, i, 3) == account->version &&
                 strcmp(PQgetvalue(rows, i, 4), states[account->state]) == 0,
             "%s has balance %s, held %s, version %s and is %s; the model: %lld, %lld, %lld, %s",
             name, PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2), PQgetvalue(rows, i, 3),
             PQgetvalue(rows, i, 4), (long long)account->balance, (long long)account->held,
             (long long)account->version, states[account->state]);
    }
    PQclear(rows);
}

static void compare_products(const struct ledger *ledger, const struct model *model) {
    PGresult *rows = db_query(ledger->db, "SELECT product, price, stock, sold, state"
                                          "  FROM teller.v1_product");
    must((size_t)PQntuples(rows) == model_products(model), "%d products, the model has %zu",
         PQntuples(rows), model_products(model));
    for (int i = 0; i < PQntuples(rows); i++) {
        const char *name = PQgetvalue(rows, i, 0);
        const struct model_product *product = model_product(model, name);
        must(product != NULL, "product %s came from nowhere", name);
        must(field_int(rows, i, 1) == product->price && field_int(rows, i, 2) == product->stock &&
                 field_int(rows, i, 3) == product->sold &&
                 (strcmp(PQgetvalue(rows, i, 4), "finalized") == 0) == product->is_finalized,
             "%s has price %s, stock %s, sold %s and is %s; the model: %lld, %lld, %lld, %s", name,
             PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2), PQgetvalue(rows, i, 3),
             PQgetvalue(rows, i, 4), (long long)product->price, (long long)product->stock,
             (long long)product->sold, product->is_finalized ? "finalized" : "open");
    }
    PQclear(rows);
}

static void compare_system(const struct ledger *ledger, const char *role, int64_t expected) {
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT sum(balance) FROM teller.v1_system WHERE role = '%s'", role);
    int64_t balance = db_int(ledger->db, sql, 0);
    must(balance == expected, "%s has %lld; the model: %lld", role, (long long)balance,
         (long long)expected);
}

static void compare_outcome(const PGresult *rows, int row, const struct model *model) {
    const char *id_text = PQgetvalue(rows, row, 0);
    uint16_t lane = (uint16_t)field_int(rows, row, 1);
    struct uuid id;
    must(uuid_parse(id_text, strlen(id_text), &id), "%s is no id", id_text);
    struct model_answer *answer = model_answer(model, lane, &id);
    must(answer != NULL, "lane %d: outcome of %s, which nobody sent", (int)lane, id_text);
    must(!answer->is_seen, "lane %d: two outcomes of %s", (int)lane, id_text);
    answer->is_seen = true;
    const char *word = outcome_word(answer->outcome);
    must(strcmp(PQgetvalue(rows, row, 2), word) == 0 && field_int(rows, row, 5) == answer->offset,
         "lane %d: %s is %s at %s; the model: %s at %lld", (int)lane, id_text,
         PQgetvalue(rows, row, 2), PQgetvalue(rows, row, 5), word, (long long)answer->offset);
    must(PQgetisnull(rows, row, 3) == !answer->has_account &&
             (!answer->has_account || (field_int(rows, row, 3) == answer->balance &&
                                       field_int(rows, row, 4) == answer->version)),
         "lane %d: %s left balance %s, version %s; the model: %lld, %lld", (int)lane, id_text,
         PQgetvalue(rows, row, 3), PQgetvalue(rows, row, 4), (long long)answer->balance,
         (long long)answer->version);
}

static void compare_outcomes(const struct ledger *ledger, const struct model *model) {
    PGresult *rows =
        db_query(ledger->db, "SELECT id, lane, coalesce(reason, state), balance, version,"
                             "       log_offset FROM teller.v1_outcome");
    must((size_t)PQntuples(rows) == model_answers(model), "%d outcomes, the model has %zu",
         PQntuples(rows), model_answers(model));
    for (int i = 0; i < PQntuples(rows); i++) {
        compare_outcome(rows, i, model);
    }
    PQclear(rows);
}

static void compare_quarantine(const struct ledger *ledger, const struct model *model) {
    PGresult *rows =
        db_query(ledger->db, "SELECT lane, log_offset, reason FROM teller.v1_quarantine");
    must((size_t)PQntuples(rows) == model_quarantined(model),
         "%d records in quarantine, the model has %zu", PQntuples(rows), model_quarantined(model));
    for (int i = 0; i < PQntuples(rows); i++) {
        const struct model_verdict *verdict =
            model_verdict(model, (uint16_t)field_int(rows, i, 0), field_int(rows, i, 1));
        must(verdict != NULL && verdict->is_command && verdict->answer == NULL &&
                 strcmp(outcome_word(verdict->outcome), PQgetvalue(rows, i, 2)) == 0,
             "lane %s offset %s is in quarantine for %s; the model: %s", PQgetvalue(rows, i, 0),
             PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2),
             verdict != NULL ? outcome_word(verdict->outcome) : "no such record");
    }
    PQclear(rows);
}

/* Legs make records, which make legs: the log is at its end when the model misses none. */
static struct model *read_log(const struct ledger *ledger, int64_t deadline) {
    for (;;) {
        worker_wait_drained(ledger, deadline - clock_monotonic_ms());
        struct model *model = model_new(ledger->partitions);
        topic_read(ledger->sandbox.brokers, ledger->commands, model_read, model);
        if (model_run(model)) {
            return model;
        }
        must(clock_monotonic_ms() < deadline, "a leg is missing in the log, or was sent by nobody");
        model_free(model);
    }
}

int64_t audit_ledger(const struct ledger *ledger, int64_t timeout_ms) {
    int64_t deadline = clock_monotonic_ms() + timeout_ms;
    struct model *model = read_log(ledger, deadline);
    worker_wait_drained(ledger, deadline - clock_monotonic_ms());
    compare_accounts(ledger, model);
    compare_products(ledger, model);
    compare_system(ledger, "@transit", 0);
    compare_system(ledger, "@suspense", model_suspense(model));
    compare_system(ledger, "@sales", model_sales(model));
    compare_outcomes(ledger, model);
    compare_quarantine(ledger, model);
    audit_results(ledger, model, deadline - clock_monotonic_ms());
    expect_sound(ledger, "verify");
    expect_sound(ledger, "replay");
    int64_t commands = (int64_t)(model_answers(model) + model_quarantined(model));
    model_free(model);
    return commands;
}
