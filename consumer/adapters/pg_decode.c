#include "consumer/adapters/pg_decode.h"

#include <string.h>

#include "common/pg/pg_binary.h"

/* Reads the columns of a row one after the other. */
struct cursor {
    const PGresult *result;
    int row;
    int column;
    bool good; /* no value was NULL or of another length than its type has */
};

static struct cursor cursor_at(const PGresult *result, int row) {
    return (struct cursor){.result = result, .row = row, .column = 0, .good = true};
}

/* The next value, which must have `len` bytes; zeros in place of a bad one. */
static const char *next(struct cursor *at, int len) {
    static const char zeros[32];
    int column = at->column++;
    if (PQgetisnull(at->result, at->row, column) != 0 ||
        PQgetlength(at->result, at->row, column) != len) {
        at->good = false;
        return zeros;
    }
    return PQgetvalue(at->result, at->row, column);
}

static int64_t next_int64(struct cursor *at) {
    return pg_get_int64(next(at, 8));
}

static int32_t next_int32(struct cursor *at) {
    return pg_get_int32(next(at, 4));
}

static int16_t next_int16(struct cursor *at) {
    return pg_get_int16(next(at, 2));
}

static struct uuid next_uuid(struct cursor *at) {
    return pg_get_uuid(next(at, 16));
}

static int64_t next_time(struct cursor *at) {
    return pg_get_time(next(at, 8));
}

static void next_digest(struct cursor *at, uint8_t *out, int len) {
    memcpy(out, next(at, len), (size_t)len);
}

static uint16_t next_lane(struct cursor *at) {
    int16_t lane = next_int16(at);
    at->good = at->good && lane >= 0;
    return (uint16_t)lane;
}

/* NULL: 0, which stands for none. */
static int64_t next_number(struct cursor *at) {
    if (PQgetisnull(at->result, at->row, at->column) != 0) {
        at->column++;
        return 0;
    }
    return next_int64(at);
}

/* NULL: "". What does not fit is cut. */
static void next_text(struct cursor *at, char *out, size_t room) {
    size_t len = (size_t)PQgetlength(at->result, at->row, at->column);
    len = len < room ? len : room - 1;
    memcpy(out, PQgetvalue(at->result, at->row, at->column), len);
    out[len] = '\0';
    at->column++;
}

static void next_ident(struct cursor *at, struct ident *out) {
    int len = PQgetlength(at->result, at->row, at->column);
    const char *text = PQgetvalue(at->result, at->row, at->column);
    at->column++;
    at->good = ident_parse(text, (size_t)len, out) && at->good;
}

static void next_asset(struct cursor *at, struct asset *out) {
    int len = PQgetlength(at->result, at->row, at->column);
    const char *text = PQgetvalue(at->result, at->row, at->column);
    at->column++;
    at->good = asset_parse(text, (size_t)len, out) && at->good;
}

bool pg_decode_account(const PGresult *result, int row, struct account *out) {
    struct cursor at = cursor_at(result, row);
    memset(out, 0, sizeof *out);
    out->number = next_int64(&at);
    next_ident(&at, &out->id);
    next_asset(&at, &out->currency);
    out->balance = next_int64(&at);
    out->held = next_int64(&at);
    out->floor = next_int64(&at);
    out->ceiling = next_int64(&at);
    out->version = next_int64(&at);
    out->state = (enum account_state)next_int16(&at);
    out->last.id = next_uuid(&at);
    out->last.origin = next_lane(&at);
    out->last.step = next_int32(&at);
    return at.good && out->state >= ACCOUNT_OPEN && out->state <= ACCOUNT_CLOSED;
}

bool pg_decode_entry(const PGresult *result, int row, struct entry *out) {
    struct cursor at = cursor_at(result, row);
    memset(out, 0, sizeof *out);
    out->key.id = next_uuid(&at);
    out->key.origin = next_lane(&at);
    out->key.step = next_int32(&at);
    out->log_offset = next_int64(&at);
    out->type = next_int16(&at);
    int16_t outcome = next_int16(&at);
    next_text(&at, out->detail, sizeof out->detail);
    out->account_number = next_number(&at);
    out->amount = next_int64(&at);
    out->balance = next_int64(&at);
    out->held = next_int64(&at);
    out->version = next_int64(&at);
    out->at_ms = next_time(&at);
    next_digest(&at, out->hash, COMMAND_HASH_LEN);
    return outcome_from_number(outcome, &out->outcome) && at.good;
}

bool pg_decode_hold(const PGresult *result, int row, struct hold *out) {
    struct cursor at = cursor_at(result, row);
    memset(out, 0, sizeof *out);
    out->id = next_uuid(&at);
    out->origin = next_lane(&at);
    out->account_number = next_int64(&at);
    out->amount = next_int64(&at);
    out->expires_at_ms = next_time(&at);
    out->state = (enum hold_state)next_int16(&at);
    out->kind = (enum hold_kind)next_int16(&at);
    return at.good && out->state >= HOLD_OPEN && out->state <= HOLD_EXPIRED &&
           out->kind >= HOLD_CLIENT && out->kind <= HOLD_SUBSCRIPTION;
}

bool pg_decode_key(const PGresult *result, int row, struct journal_key *out) {
    struct cursor at = cursor_at(result, row);
    out->id = next_uuid(&at);
    out->origin = next_lane(&at);
    out->step = next_int32(&at);
    return at.good;
}

bool pg_decode_lane(const PGresult *result, int row, struct pg_lane *out) {
    struct cursor at = cursor_at(result, row);
    memset(out, 0, sizeof *out);
    out->row.lane = next_lane(&at);
    out->row.owner = next_uuid(&at);
    out->row.epoch = next_int64(&at);
    out->row.next_offset = next_int64(&at);
    out->row.published_offset = next_int64(&at);
    out->row.last_offset = next_int64(&at);
    next_digest(&at, out->row.last_fingerprint, RECORD_FINGERPRINT_LEN);
    out->row.lane_time_ms = next_time(&at);
    out->row.rules = next_int32(&at);
    out->row.next_number = next_int64(&at);
    next_digest(&at, out->row.seal_head, sizeof out->row.seal_head);
    out->row.next_seal = next_int64(&at);
    out->stop = next_int16(&at);
    next_text(&at, out->detail, sizeof out->detail);
    return at.good;
}

int64_t pg_decode_due(const PGresult *result) {
    if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0) != 0) {
        return HOLD_NEVER;
    }
    return pg_get_time(PQgetvalue(result, 0, 0));
}
