/* Reads a ledger row by row for those who check or show it. Changes nothing, locks nothing.
 *
 * Journal, quarantine and seals are append-only and complete below a lane's committed position, so
 * they are read in short statements of their own, page by page. What changes (lane row, accounts,
 * holds, system accounts) is read together inside one snapshot: pg_audit_begin ... pg_audit_end.
 *
 * Rows come as the lane machine holds them. A value that no program of ours could have written is
 * reported by `unreadable`, with the row's place. One thread; the connection is the caller's. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_H
#define TELLER_ADAPTERS_PG_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/adapters/pg_lane.h"
#include "consumer/core/batch.h"
#include "consumer/core/rows.h"

/* One repeatable-read snapshot, read only. */
enum pg_answer pg_audit_begin(struct pg_conn *conn, struct pg_failure *failure);
enum pg_answer pg_audit_end(struct pg_conn *conn, struct pg_failure *failure);

/* PG_REFUSED with sqlstate "": there is no such lane. */
enum pg_answer pg_audit_lane(struct pg_conn *conn, uint16_t lane, struct pg_lane *out,
                             struct pg_failure *failure);

/* A row with its texts: nothing is borrowed but source and memo, which live as long as the page. */
struct audit_journal_row {
    struct journal_row row;
    struct ident account;
    struct ident counter;
    struct asset asset;
};

/* A page of rows in the order of their seals. Freed with pg_rows_free. */
struct pg_rows *pg_audit_journal(struct pg_conn *conn, uint16_t lane, int64_t first, int64_t last,
                                 struct pg_failure *failure);
int64_t pg_audit_journal_offset(const struct pg_rows *page, int index);
/* False, and *unreadable says which value, where one cannot be ours; key and offset are there. */
bool pg_audit_journal_row(const struct pg_rows *page, int index, struct audit_journal_row *out,
                          const char **unreadable);

/* Bytes of a quarantine row: key and value. */
struct audit_quarantine_row {
    struct quarantine_row row;
    uint8_t key[QUARANTINE_BYTES_MAX];
    uint8_t value[QUARANTINE_BYTES_MAX];
};

struct pg_rows *pg_audit_quarantine(struct pg_conn *conn, uint16_t lane, int64_t first,
                                    int64_t last, struct pg_failure *failure);
bool pg_audit_quarantine_row(const struct pg_rows *page, int index,
                             struct audit_quarantine_row *out, const char **unreadable);

/* For people: lane, offset, time, reason, detail, id, bytes; newest first; `lane` -1: of all. */
struct pg_rows *pg_audit_quarantine_list(struct pg_conn *conn, int lane, int64_t limit,
                                         struct pg_failure *failure);

/* Seals from `number` on, in order, at most `limit` of them. */
struct pg_rows *pg_audit_seals(struct pg_conn *conn, uint16_t lane, int64_t number, int limit,
                               struct pg_failure *failure);
bool pg_audit_seal(const struct pg_rows *page, int index, struct seal *out);

/* Streams: `each` gets one row after the other, in constant memory. Accounts are those with a
 * number above `above`, in no order. */
struct audit_each {
    void *context;
    void (*account)(void *context, const struct account *row);
    void (*hold)(void *context, const struct hold *row);
    void (*system)(void *context, enum system_role role, const struct asset *asset,
                   money_wide balance);
    void (*unreadable)(void *context, const char *what, const char *which);
};

enum pg_answer pg_audit_accounts(struct pg_conn *conn, uint16_t lane, int64_t above,
                                 const struct audit_each *each, struct pg_failure *failure);
enum pg_answer pg_audit_holds(struct pg_conn *conn, uint16_t lane, const struct audit_each *each,
                              struct pg_failure *failure);
enum pg_answer pg_audit_systems(struct pg_conn *conn, uint16_t lane, const struct audit_each *each,
                                struct pg_failure *failure);

/* The name of an account, for people; "" if there is none. */
enum pg_answer pg_audit_account_name(struct pg_conn *conn, uint16_t lane, int64_t number,
                                     struct ident *out, struct pg_failure *failure);

#endif
