/* Values of text-form rows as our own types. Each answers false where the text is not such a value:
 * only an edit by hand can have put it there. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_TEXT_H
#define TELLER_ADAPTERS_PG_AUDIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ident.h"
#include "common/pg/pg_conn.h"
#include "common/slice.h"
#include "common/uuid.h"

bool pg_audit_text_uuid(const struct pg_rows *rows, int row, int column, struct uuid *out);
bool pg_audit_text_ident(const struct pg_rows *rows, int row, int column, struct ident *out);
bool pg_audit_text_asset(const struct pg_rows *rows, int row, int column, struct asset *out);

/* bytea in hex form; *len <= room, else false. NULL: false. */
bool pg_audit_text_bytes(const struct pg_rows *rows, int row, int column, uint8_t *out, size_t room,
                         size_t *len);
bool pg_audit_text_exact_bytes(const struct pg_rows *rows, int row, int column, uint8_t *out,
                               size_t len);

/* Borrowed from the rows; NULL is absent. */
struct slice pg_audit_text_slice(const struct pg_rows *rows, int row, int column);

#endif
