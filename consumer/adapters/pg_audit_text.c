#include "consumer/adapters/pg_audit_text.h"

#include <string.h>

#include "common/hex.h"

bool pg_audit_text_uuid(const struct pg_rows *rows, int row, int column, struct uuid *out) {
    const char *text = pg_rows_text(rows, row, column);
    return uuid_parse(text, strlen(text), out);
}

bool pg_audit_text_ident(const struct pg_rows *rows, int row, int column, struct ident *out) {
    const char *text = pg_rows_text(rows, row, column);
    return ident_parse(text, strlen(text), out);
}

bool pg_audit_text_asset(const struct pg_rows *rows, int row, int column, struct asset *out) {
    const char *text = pg_rows_text(rows, row, column);
    return asset_parse(text, strlen(text), out);
}

bool pg_audit_text_bytes(const struct pg_rows *rows, int row, int column, uint8_t *out, size_t room,
                         size_t *len) {
    const char *text = pg_rows_text(rows, row, column);
    const size_t digits = strlen(text);
    if (digits < 2 || text[0] != '\\' || text[1] != 'x' || (digits - 2) / 2 > room) {
        return false;
    }
    *len = (digits - 2) / 2;
    return hex_decode(text + 2, digits - 2, out);
}

bool pg_audit_text_exact_bytes(const struct pg_rows *rows, int row, int column, uint8_t *out,
                               size_t len) {
    size_t found;
    return pg_audit_text_bytes(rows, row, column, out, len, &found) && found == len;
}

struct slice pg_audit_text_slice(const struct pg_rows *rows, int row, int column) {
    if (pg_rows_null(rows, row, column)) {
        return (struct slice){.at = NULL, .len = 0};
    }
    const char *text = pg_rows_text(rows, row, column);
    return (struct slice){.at = (const uint8_t *)text, .len = strlen(text)};
}
