#include "producer/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/pg/pg_conn.h"
#include "common/timestamp.h"

#define CONNECT_MS 5000
#define CALL_MS 10000
#define NO_SUCH_TABLE "42P01" /* PostgreSQL manual, appendix A */

/* As timestamp_parse reads it, whatever the session's time zone and date style. */
#define AT_TEXT "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"

static const char account_sql[] =
    "SELECT currency, balance, held, available, floor, ceiling, state, version, lane "
    "FROM teller.v1_account WHERE account = $1";

static const char product_sql[] =
    "SELECT currency, price, stock, sold, cap, cap_per_account, mode, state, seller, lane "
    "FROM teller.v1_product WHERE product = $1";

static const char history_sql[] =
    "SELECT version, id, type, amount, balance, counterparty, memo, lane, log_offset, " AT_TEXT
    " FROM teller.history($1, $2::int)";

static const char outcome_sql[] =
    "SELECT type, coalesce(account, product), state, reason, detail, balance, version, lane, "
    "log_offset, " AT_TEXT " FROM teller.v1_outcome WHERE id = $1::uuid ORDER BY lane";

static const char quarantine_sql[] =
    "SELECT NULL, NULL, 'quarantined', reason, detail, NULL, NULL, lane, log_offset, " AT_TEXT
    " FROM teller.v1_quarantine WHERE id = $1::uuid ORDER BY lane, log_offset";

struct query {
    struct pg_conn *conn;
};

struct query *query_open(const char *conninfo, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn_options options = {.conninfo = conninfo != NULL ? conninfo : "",
                                      .application = "teller",
                                      .session = PG_SESSION_READER,
                                      .connect_ms = CONNECT_MS,
                                      .call_ms = CALL_MS};
    struct query *query = calloc(1, sizeof *query);
    CHECK(query != NULL);
    query->conn = pg_conn_open(&options, &failure);
    if (query->conn == NULL) {
        *err = failure.err;
        err_context(err, "--db, TELLER_DB");
        query_close(query);
        return NULL;
    }
    return query;
}

void query_close(struct query *query) {
    if (query != NULL) {
        pg_conn_close(query->conn);
        free(query);
    }
}

static struct pg_rows *ask(struct query *query, const char *sql, const char *const *params,
                           int count, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_rows *rows = pg_conn_query(query->conn, sql, params, count, &failure);
    if (rows == NULL) {
        *err = failure.err;
        if (strcmp(failure.sqlstate, NO_SUCH_TABLE) == 0) {
            err_set(err, ERR_OPERATOR,
                    "this database holds no ledger: run tellerd init, or see --db and TELLER_DB");
        }
    }
    return rows;
}

enum query_answer query_account(struct query *query, const struct ident *account,
                                struct query_account *out, struct err *err) {
    const char *params[] = {account->text};
    struct pg_rows *rows = ask(query, account_sql, params, 1, err);
    if (rows == NULL) {
        return QUERY_FAILED;
    }
    enum query_answer answer = pg_rows_count(rows) > 0 ? QUERY_FOUND : QUERY_NONE;
    if (answer == QUERY_FOUND) {
        const char *currency = pg_rows_text(rows, 0, 0);
        memset(out, 0, sizeof *out);
        asset_parse(currency, strlen(currency), &out->currency);
        out->balance = pg_rows_int(rows, 0, 1);
        out->held = pg_rows_int(rows, 0, 2);
        out->available = pg_rows_int(rows, 0, 3);
        out->floor = pg_rows_int(rows, 0, 4);
        out->ceiling = pg_rows_int(rows, 0, 5);
        snprintf(out->state, sizeof out->state, "%s", pg_rows_text(rows, 0, 6));
        out->version = pg_rows_int(rows, 0, 7);
        out->lane = (int32_t)pg_rows_int(rows, 0, 8);
    }
    pg_rows_free(rows);
    return answer;
}

enum query_answer query_product(struct query *query, const struct ident *product,
                                struct query_product *out, struct err *err) {
    const char *params[] = {product->text};
    struct pg_rows *rows = ask(query, product_sql, params, 1, err);
    if (rows == NULL) {
        return QUERY_FAILED;
    }
    enum query_answer answer = pg_rows_count(rows) > 0 ? QUERY_FOUND : QUERY_NONE;
    if (answer == QUERY_FOUND) {
        const char *currency = pg_rows_text(rows, 0, 0);
        *out = (struct query_product){.price = pg_rows_int(rows, 0, 1),
                                      .stock = pg_rows_int(rows, 0, 2),
                                      .sold = pg_rows_int(rows, 0, 3),
                                      .cap = pg_rows_int(rows, 0, 4),
                                      .cap_per_account = pg_rows_int(rows, 0, 5),
                                      .lane = (int32_t)pg_rows_int(rows, 0, 9)};
        asset_parse(currency, strlen(currency), &out->currency);
        snprintf(out->mode, sizeof out->mode, "%s", pg_rows_text(rows, 0, 6));
        snprintf(out->state, sizeof out->state, "%s", pg_rows_text(rows, 0, 7));
        snprintf(out->seller, sizeof out->seller, "%s", pg_rows_text(rows, 0, 8));
    }
    pg_rows_free(rows);
    return answer;
}

bool query_history(struct query *query, const struct ident *account, int64_t limit,
                   query_each_entry *each, void *context, struct err *err) {
    char limit_text[24];
    snprintf(limit_text, sizeof limit_text, "%lld", (long long)limit);
    const char *params[] = {account->text, limit_text};
    struct pg_rows *rows = ask(query, history_sql, params, 2, err);
    if (rows == NULL) {
        return false;
    }
    for (int row = 0; row < pg_rows_count(rows); row++) {
        struct query_entry entry = {.version = pg_rows_int(rows, row, 0),
                                    .id = pg_rows_text(rows, row, 1),
                                    .type = pg_rows_text(rows, row, 2),
                                    .amount = pg_rows_int(rows, row, 3),
                                    .balance = pg_rows_int(rows, row, 4),
                                    .counterparty = pg_rows_text(rows, row, 5),
                                    .memo = pg_rows_text(rows, row, 6),
                                    .lane = (int32_t)pg_rows_int(rows, row, 7),
                                    .offset = pg_rows_int(rows, row, 8),
                                    .at = pg_rows_text(rows, row, 9)};
        each(context, &entry);
    }
    pg_rows_free(rows);
    return true;
}

/* Words of a newer schema that this version does not know end up in the detail, not nowhere. */
static void read_reason(struct report *report, const char *state, const char *reason) {
    static const struct {
        const char *word;
        enum report_state state;
    } states[] = {{"applied", REPORT_APPLIED},
                  {"pending", REPORT_PENDING},
                  {"rejected", REPORT_REJECTED},
                  {"quarantined", REPORT_QUARANTINED}};
    report->state = REPORT_UNKNOWN;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].word, state) == 0) {
            report->state = states[i].state;
        }
    }
    if (reason[0] != '\0' && !outcome_parse(reason, strlen(reason), &report->reason)) {
        snprintf(report->detail, sizeof report->detail, "%s", reason);
    }
}

static void read_report(const struct pg_rows *rows, int row, const struct uuid *id,
                        struct report *report) {
    const char *type = pg_rows_text(rows, row, 0);
    const char *account = pg_rows_text(rows, row, 1);
    const char *at = pg_rows_text(rows, row, 9);
    enum command_type known;
    memset(report, 0, sizeof *report);
    report->has_id = true;
    report->id = *id;
    report->type = command_type_parse(type, strlen(type), &known) ? (int)known : 0;
    ident_parse(account, strlen(account), &report->entity);
    snprintf(report->detail, sizeof report->detail, "%s", pg_rows_text(rows, row, 4));
    read_reason(report, pg_rows_text(rows, row, 2), pg_rows_text(rows, row, 3));
    report->has_balance = !pg_rows_null(rows, row, 5);
    report->balance = pg_rows_int(rows, row, 5);
    report->version = pg_rows_int(rows, row, 6);
    report->lane = (int32_t)pg_rows_int(rows, row, 7);
    report->offset = pg_rows_int(rows, row, 8);
    timestamp_parse(at, strlen(at), &report->at_ms);
}

bool query_outcomes(struct query *query, const struct uuid *id, query_each_report *each,
                    void *context, int *found, struct err *err) {
    static const char *const statements[] = {outcome_sql, quarantine_sql};
    char text[UUID_TEXT_LEN + 1];
    uuid_format(id, text);
    const char *params[] = {text};
    *found = 0;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        struct pg_rows *rows = ask(query, statements[i], params, 1, err);
        if (rows == NULL) {
            return false;
        }
        for (int row = 0; row < pg_rows_count(rows); row++) {
            struct report report;
            read_report(rows, row, id, &report);
            each(context, &report);
        }
        *found += pg_rows_count(rows);
        pg_rows_free(rows);
    }
    return true;
}
