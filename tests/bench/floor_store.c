#include "tests/bench/floor_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/pg/pg_wire.h"
#include "consumer/adapters/pg_session.h"
#include "tests/harness/must.h"

#define SQL_ROOM 2048
#define NAME_ROOM 48
#define OPENED_AT_ONCE 5000

/* Prepared as NAME_lane. */
static const struct {
    const char *name;
    const char *sql;
} statements[] = {
    {"open",
     "INSERT INTO teller.account_{lane} (number, id, currency, balance, held, floor, ceiling,"
     " version, state, last_id, last_origin, last_step, lane) SELECT unnest($1::int8[]),"
     " unnest($2::text[]), unnest($3::text[]), unnest($4::int8[]), unnest($5::int8[]),"
     " unnest($6::int8[]), unnest($7::int8[]), unnest($8::int8[]), unnest($9::int2[]),"
     " unnest($10::uuid[]), unnest($11::int2[]), unnest($12::int4[]), {lane}"},
    {"change", "UPDATE teller.account_{lane} AS a SET balance = u.balance, held = u.held,"
               " version = u.version, state = u.state, last_id = u.last_id,"
               " last_origin = u.last_origin, last_step = u.last_step FROM (SELECT"
               " unnest($1::int8[]) AS number, unnest($2::int8[]) AS balance,"
               " unnest($3::int8[]) AS held, unnest($4::int8[]) AS version,"
               " unnest($5::int2[]) AS state, unnest($6::uuid[]) AS last_id,"
               " unnest($7::int2[]) AS last_origin, unnest($8::int4[]) AS last_step) AS u"
               " WHERE a.number = u.number"},
    {"hold",
     "INSERT INTO teller.hold_{lane} (id, origin, account_number, amount, expires_at, state,"
     " kind, lane) SELECT unnest($1::uuid[]), unnest($2::int2[]), unnest($3::int8[]),"
     " unnest($4::int8[]), unnest($5::timestamptz[]), unnest($6::int2[]),"
     " unnest($7::int2[]), {lane}"},
    {"end", "UPDATE teller.hold_{lane} AS h SET amount = u.amount, state = u.state FROM (SELECT"
            " unnest($1::uuid[]) AS id, unnest($2::int2[]) AS origin, unnest($3::int8[]) AS amount,"
            " unnest($4::int2[]) AS state) AS u WHERE h.id = u.id AND h.origin = u.origin"},
    {"probe", "SELECT count(*) FROM unnest($1::uuid[], $2::int2[], $3::int4[])"
              " AS k(id, origin, step) JOIN teller.journal_{lane} AS j ON j.command_id = k.id"
              " AND j.origin = k.origin AND j.lane = {lane} AND j.step = k.step"},
    {"damage", "INSERT INTO teller.quarantine_{lane} (log_offset, at, key_length, value_length,"
               " reason, id, digest, detail, key, value, lane) SELECT unnest($1::int8[]),"
               " unnest($2::timestamptz[]), unnest($3::int8[]), unnest($4::int8[]),"
               " unnest($5::int2[]), unnest($6::uuid[]), unnest($7::bytea[]), unnest($8::text[]),"
               " unnest($9::bytea[]), unnest($10::bytea[]), {lane}"},
};

#define SQL_COPY                                                                                   \
    "COPY teller.journal_{lane} (log_offset, at, account_number, amount, held_delta, balance,"     \
    " held, version, counter_number, price, step, previous_step, origin, type, outcome,"           \
    " counter_role, previous_origin, command_id, previous_id, hash, detail, account, counter,"     \
    " asset, source, memo, lane) FROM STDIN BINARY"

static PGresult *answer(struct floor_store *store, PGresult *result, ExecStatusType wanted) {
    must(PQresultStatus(result) == wanted, "floor: %s", PQerrorMessage(store->conn->raw));
    return result;
}

static void execute(struct floor_store *store, const char *sql) {
    PQclear(answer(store, PQexec(store->conn->raw, sql), PGRES_COMMAND_OK));
}

void floor_store_open(struct floor_store *store, const struct ledger *ledger, size_t batch) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_conn_options options = {
        .conninfo = ledger->admin, .application = "floor", .session = PG_SESSION_WORKER};
    *store = (struct floor_store){.conn = pg_conn_open(&options, &failure)};
    must(store->conn != NULL, "%s", failure.err.text);
    must(PQsetnonblocking(store->conn->raw, 0) == 0, "libpq will not block");
    size_t rows = batch > OPENED_AT_ONCE ? batch : OPENED_AT_ONCE;
    store->rows = calloc(rows, sizeof *store->rows);
    must(store->rows != NULL, "out of memory");
}

void floor_store_close(struct floor_store *store) {
    pg_conn_close(store->conn);
    pg_params_close(&store->params);
    pg_bytes_close(&store->copy);
    free(store->rows);
}

/* One array per column of rows that lie side by side. Returns what the statement answers. */
static PGresult *send_rows(struct floor_store *store, const char *statement, uint16_t lane,
                           const struct pg_columns *columns, const void *first, size_t stride,
                           size_t count) {
    struct pg_params *params = &store->params;
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
    char name[NAME_ROOM];
    for (size_t i = 0; i < count; i++) {
        store->rows[i] = (const char *)first + i * stride;
    }
    pg_params_reset(params);
    pg_params_columns(params, columns, store->rows, count);
    for (int i = 0; i < params->count; i++) {
        values[i] = (const char *)params->bytes.at + params->start[i];
        lengths[i] = (int)(params->end[i] - params->start[i]);
        formats[i] = 1;
    }
    snprintf(name, sizeof name, "%s_%d", statement, (int)lane);
    return PQexecPrepared(store->conn->raw, name, params->count, values, lengths, formats, 0);
}

static void write_rows(struct floor_store *store, const char *statement, uint16_t lane,
                       const struct pg_columns *columns, const void *first, size_t stride,
                       size_t count) {
    if (count > 0) {
        PGresult *result = send_rows(store, statement, lane, columns, first, stride, count);
        PQclear(answer(store, result, PGRES_COMMAND_OK));
    }
}

static void prepare(struct floor_store *store, uint16_t lane) {
    char name[NAME_ROOM];
    char sql[SQL_ROOM];
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        snprintf(name, sizeof name, "%s_%d", statements[i].name, (int)lane);
        pg_session_text(statements[i].sql, lane, sql, sizeof sql);
        PQclear(answer(store, PQprepare(store->conn->raw, name, sql, 0, NULL), PGRES_COMMAND_OK));
    }
}

static void open_accounts(struct floor_store *store, const struct floor_batch *batch) {
    const struct floor_lane *lane = &batch->log->lanes[batch->lane];
    struct account *rows = calloc(OPENED_AT_ONCE, sizeof *rows);
    must(rows != NULL, "out of memory");
    size_t count = 0;
    for (uint32_t i = 0; i < lane->accounts_count; i++) {
        struct account *row = &rows[count++];
        *row = (struct account){.number = i + 1,
                                .floor = batch->log->floor,
                                .ceiling = MONEY_MAX,
                                .version = 1,
                                .state = ACCOUNT_OPEN};
        row->id.len =
            (uint8_t)snprintf(row->id.text, sizeof row->id.text, "acc-%08lu", (unsigned long)i);
        must(asset_parse("KRW", 3, &row->currency), "KRW");
        if (count == OPENED_AT_ONCE || i + 1 == lane->accounts_count) {
            write_rows(store, "open", batch->lane, &pg_columns_account_new, rows, sizeof *rows,
                       count);
            count = 0;
        }
    }
    free(rows);
}

static void open_product(struct floor_store *store, const struct floor_batch *batch) {
    char sql[SQL_ROOM];
    if (batch->stock == 0) {
        return;
    }
    snprintf(sql, sizeof sql,
             "INSERT INTO teller.product_%d (number, price, stock, sold, subscribed, version,"
             " next_subscription, last_id, last_step, last_origin, lane, mode, state, id, currency)"
             " VALUES (%lld, 100, %lld, 0, 0, 1, 1, '00000000-0000-0000-0000-000000000000', 0, %d,"
             " %d, 1, 1, '" WORKLOAD_PRODUCT "', 'KRW')",
             (int)batch->lane, (long long)floor_batch_product(batch), (long long)batch->stock,
             (int)batch->lane, (int)batch->lane);
    execute(store, sql);
}

void floor_store_begin(struct floor_store *store, const struct floor_batch *batch) {
    prepare(store, batch->lane);
    open_accounts(store, batch);
    open_product(store, batch);
}

static void move_lane(struct floor_store *store, const struct floor_batch *batch) {
    char sql[SQL_ROOM];
    snprintf(sql, sizeof sql, "UPDATE teller.lane SET next_offset = %lld WHERE lane = %d",
             (long long)batch->offset, (int)batch->lane);
    execute(store, sql);
}

static void change_product(struct floor_store *store, const struct floor_batch *batch) {
    char sql[SQL_ROOM];
    if (batch->log->stock == 0 || batch->log->product_lane != batch->lane) {
        return;
    }
    snprintf(sql, sizeof sql,
             "UPDATE teller.product_%d SET stock = %lld, sold = %lld, version = %lld"
             " WHERE number = %lld",
             (int)batch->lane, (long long)batch->stock, (long long)batch->sold,
             (long long)batch->product_version, (long long)floor_batch_product(batch));
    execute(store, sql);
}

static void probe(struct floor_store *store, const struct floor_batch *batch) {
    if (batch->probes_count > 0) {
        PQclear(answer(store,
                       send_rows(store, "probe", batch->lane, &pg_columns_key, batch->probes,
                                 sizeof *batch->probes, batch->probes_count),
                       PGRES_TUPLES_OK));
    }
}

static void copy_journal(struct floor_store *store, const struct floor_batch *batch) {
    char sql[SQL_ROOM];
    struct pg_bytes *out = &store->copy;
    pg_session_text(SQL_COPY, batch->lane, sql, sizeof sql);
    PQclear(answer(store, PQexec(store->conn->raw, sql), PGRES_COPY_IN));
    pg_bytes_reset(out);
    pg_copy_begin(out);
    for (size_t i = 0; i < batch->rows_count; i++) {
        pg_copy_row(out, (int16_t)(pg_columns_journal.count + 1));
        for (size_t column = 0; column < pg_columns_journal.count; column++) {
            pg_columns_journal.items[column].put(out, &batch->rows[i]);
        }
        pg_put_int16(out, (int16_t)batch->lane);
    }
    pg_copy_end(out);
    must(PQputCopyData(store->conn->raw, (const char *)out->at, (int)out->len) == 1 &&
             PQputCopyEnd(store->conn->raw, NULL) == 1,
         "floor: %s", PQerrorMessage(store->conn->raw));
    PQclear(answer(store, PQgetResult(store->conn->raw), PGRES_COMMAND_OK));
    must(PQgetResult(store->conn->raw) == NULL, "COPY has no end");
}

static void write_state(struct floor_store *store, const struct floor_batch *batch) {
    uint16_t lane = batch->lane;
    probe(store, batch);
    move_lane(store, batch);
    write_rows(store, "change", lane, &pg_columns_account_change, batch->accounts,
               sizeof *batch->accounts, batch->accounts_count);
    write_rows(store, "hold", lane, &pg_columns_hold_new, batch->new_holds,
               sizeof *batch->new_holds, batch->new_holds_count);
    write_rows(store, "end", lane, &pg_columns_hold_change, batch->ended_holds,
               sizeof *batch->ended_holds, batch->ended_holds_count);
    write_rows(store, "damage", lane, &pg_columns_quarantine, batch->quarantine,
               sizeof *batch->quarantine, batch->quarantine_count);
    change_product(store, batch);
}

void floor_store_commit(struct floor_store *store, struct floor_batch *const *batches,
                        size_t count) {
    execute(store, "BEGIN");
    for (size_t i = 0; i < count; i++) {
        write_state(store, batches[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (batches[i]->rows_count > 0) {
            copy_journal(store, batches[i]);
        }
    }
    execute(store, "COMMIT");
}
