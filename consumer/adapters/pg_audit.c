#include "consumer/adapters/pg_audit.h"

#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_audit_query.h"
#include "consumer/adapters/pg_audit_sql.h"
#include "consumer/adapters/pg_audit_text.h"

enum pg_answer pg_audit_begin(struct pg_conn *conn, struct pg_failure *failure) {
    return pg_conn_script(conn, SQL_AUDIT_BEGIN, failure);
}

enum pg_answer pg_audit_end(struct pg_conn *conn, struct pg_failure *failure) {
    return pg_conn_script(conn, SQL_AUDIT_END, failure);
}

static bool read_lane(const struct pg_rows *rows, struct pg_lane *out) {
    struct lane_row *row = &out->row;
    row->lane = (uint16_t)pg_rows_int(rows, 0, 0);
    row->epoch = pg_rows_int(rows, 0, 2);
    row->next_offset = pg_rows_int(rows, 0, 3);
    row->published_offset = pg_rows_int(rows, 0, 4);
    row->last_offset = pg_rows_int(rows, 0, 5);
    row->lane_time_ms = pg_rows_int(rows, 0, 7);
    row->rules = (int32_t)pg_rows_int(rows, 0, 8);
    row->next_number = pg_rows_int(rows, 0, 9);
    row->next_seal = pg_rows_int(rows, 0, 11);
    out->stop = (int)pg_rows_int(rows, 0, 12);
    (void)snprintf(out->detail, sizeof out->detail, "%s", pg_rows_text(rows, 0, 13));
    return pg_audit_text_uuid(rows, 0, 1, &row->owner) &&
           pg_audit_text_exact_bytes(rows, 0, 6, row->last_fingerprint,
                                     sizeof row->last_fingerprint) &&
           pg_audit_text_exact_bytes(rows, 0, 10, row->seal_head, sizeof row->seal_head);
}

enum pg_answer pg_audit_lane(struct pg_conn *conn, uint16_t lane, struct pg_lane *out,
                             struct pg_failure *failure) {
    struct pg_rows *rows =
        pg_audit_query(conn, SQL_AUDIT_LANE, (struct pg_audit_values){1, {lane}}, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    enum pg_answer answer = PG_DONE;
    memset(out, 0, sizeof *out);
    if (pg_rows_count(rows) != 1 || !read_lane(rows, out)) {
        answer = failure->answer = PG_REFUSED;
        failure->sqlstate[0] = '\0';
        (void)err_set(&failure->err, ERR_OPERATOR, "lane %d has no row, or one that is not ours",
                      lane);
    }
    pg_rows_free(rows);
    return answer;
}

struct pg_rows *pg_audit_journal(struct pg_conn *conn, uint16_t lane, int64_t first, int64_t last,
                                 struct pg_failure *failure) {
    const struct pg_audit_values values = {3, {lane, first, last}};
    return pg_audit_query(conn, SQL_AUDIT_JOURNAL, values, failure);
}

struct pg_rows *pg_audit_quarantine(struct pg_conn *conn, uint16_t lane, int64_t first,
                                    int64_t last, struct pg_failure *failure) {
    const struct pg_audit_values values = {3, {lane, first, last}};
    return pg_audit_query(conn, SQL_AUDIT_QUARANTINE, values, failure);
}

struct pg_rows *pg_audit_quarantine_list(struct pg_conn *conn, int lane, int64_t limit,
                                         struct pg_failure *failure) {
    const struct pg_audit_values values = {2, {lane, limit}};
    return pg_audit_query(conn, SQL_AUDIT_QUARANTINE_LIST, values, failure);
}

struct pg_rows *pg_audit_seals(struct pg_conn *conn, uint16_t lane, int64_t number, int limit,
                               struct pg_failure *failure) {
    const struct pg_audit_values values = {3, {lane, number, limit}};
    return pg_audit_query(conn, SQL_AUDIT_SEALS, values, failure);
}

static bool each_account(const struct pg_rows *rows, void *context) {
    const struct audit_each *each = context;
    struct account row = {.number = pg_rows_int(rows, 0, 0)};
    row.balance = pg_rows_int(rows, 0, 3);
    row.held = pg_rows_int(rows, 0, 4);
    row.floor = pg_rows_int(rows, 0, 5);
    row.ceiling = pg_rows_int(rows, 0, 6);
    row.version = pg_rows_int(rows, 0, 7);
    row.state = (enum account_state)pg_rows_int(rows, 0, 8);
    row.last.origin = (uint16_t)pg_rows_int(rows, 0, 10);
    row.last.step = (int32_t)pg_rows_int(rows, 0, 11);
    if (!pg_audit_text_ident(rows, 0, 1, &row.id) ||
        !pg_audit_text_asset(rows, 0, 2, &row.currency) ||
        !pg_audit_text_uuid(rows, 0, 9, &row.last.id)) {
        each->unreadable(each->context, "account", pg_rows_text(rows, 0, 1));
        return true;
    }
    each->account(each->context, &row);
    return true;
}

static bool each_hold(const struct pg_rows *rows, void *context) {
    const struct audit_each *each = context;
    struct hold row = {.origin = (uint16_t)pg_rows_int(rows, 0, 1)};
    row.account_number = pg_rows_int(rows, 0, 2);
    row.amount = pg_rows_int(rows, 0, 3);
    row.expires_at_ms = pg_rows_null(rows, 0, 4) ? HOLD_NEVER : pg_rows_int(rows, 0, 4);
    row.state = (enum hold_state)pg_rows_int(rows, 0, 5);
    row.kind = (enum hold_kind)pg_rows_int(rows, 0, 6);
    if (!pg_audit_text_uuid(rows, 0, 0, &row.id)) {
        each->unreadable(each->context, "hold", pg_rows_text(rows, 0, 0));
        return true;
    }
    each->hold(each->context, &row);
    return true;
}

static bool each_system(const struct pg_rows *rows, void *context) {
    const struct audit_each *each = context;
    const char *text = pg_rows_text(rows, 0, 2);
    struct asset asset;
    money_wide balance;
    if (!pg_audit_text_asset(rows, 0, 1, &asset) ||
        !money_wide_parse(text, strlen(text), &balance)) {
        each->unreadable(each->context, "system account", pg_rows_text(rows, 0, 1));
        return true;
    }
    each->system(each->context, (enum system_role)pg_rows_int(rows, 0, 0), &asset, balance);
    return true;
}

/* pg_conn_each hands over what it was given, not const. */
static enum pg_answer stream(struct pg_conn *conn, const char *sql, struct pg_audit_values values,
                             pg_row_fn *each, const struct audit_each *context,
                             struct pg_failure *failure) {
    struct audit_each copy = *context;
    return pg_audit_stream(conn, sql, values, each, &copy, failure);
}

enum pg_answer pg_audit_accounts(struct pg_conn *conn, uint16_t lane, int64_t above,
                                 const struct audit_each *each, struct pg_failure *failure) {
    const struct pg_audit_values values = {2, {lane, above}};
    return stream(conn, SQL_AUDIT_ACCOUNTS, values, each_account, each, failure);
}

enum pg_answer pg_audit_holds(struct pg_conn *conn, uint16_t lane, const struct audit_each *each,
                              struct pg_failure *failure) {
    const struct pg_audit_values values = {1, {lane}};
    return stream(conn, SQL_AUDIT_HOLDS, values, each_hold, each, failure);
}

enum pg_answer pg_audit_systems(struct pg_conn *conn, uint16_t lane, const struct audit_each *each,
                                struct pg_failure *failure) {
    const struct pg_audit_values values = {1, {lane}};
    return stream(conn, SQL_AUDIT_SYSTEMS, values, each_system, each, failure);
}

enum pg_answer pg_audit_account_name(struct pg_conn *conn, uint16_t lane, int64_t number,
                                     struct ident *out, struct pg_failure *failure) {
    const struct pg_audit_values values = {2, {lane, number}};
    memset(out, 0, sizeof *out);
    struct pg_rows *rows = pg_audit_query(conn, SQL_AUDIT_ACCOUNT_NAME, values, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    if (pg_rows_count(rows) > 0) {
        (void)pg_audit_text_ident(rows, 0, 0, out);
    }
    pg_rows_free(rows);
    return PG_DONE;
}
