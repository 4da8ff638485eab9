/* Where every account of a lane stands by its journal, compared with its row and its holds.
 * verify_record moves them. Products are among them: they are numbered with the accounts.
 *
 * Memory is about 100 bytes per account of the lane, however long the journal is. */
#ifndef TELLER_VERBS_VERIFY_ACCOUNTS_H
#define TELLER_VERBS_VERIFY_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/verbs/verify_finding.h"
#include "consumer/verbs/verify_totals.h"

/* Where an account stands by the journal rows seen so far. */
struct followed {
    bool known;     /* its row was announced */
    unsigned rows;  /* account rows seen: 1 at the end */
    size_t product; /* place among the products, from 1; 0: an account. Stock is its balance, what
                       is sold is held */
    uint32_t asset; /* index in the lane's totals */
    int64_t floor;
    int64_t version; /* 0: no row seen yet */
    int64_t balance;
    int64_t held;
    struct journal_key last;
    uint64_t held_ever; /* sum of all holds ever made, modulo 2^64 */
    uint64_t holds_all; /* the same by the hold rows */
    uint64_t holds_open;
};

struct verify_accounts {
    struct followed *items; /* by number; 0 stays empty */
    size_t room;
    struct verify_totals *totals;
};

void verify_accounts_init(struct verify_accounts *accounts, struct verify_totals *totals);
void verify_accounts_close(struct verify_accounts *accounts);

/* An account's number, currency and floor, which never change: before its first journal row. */
bool verify_accounts_announce(struct verify_accounts *accounts, const struct account *row,
                              struct finding *finding);

/* The place of a number, made if it is new. NULL: it was never dealt out. */
struct followed *verify_accounts_place(struct verify_accounts *accounts, int64_t number,
                                       const struct ident *name, struct finding *finding);

/* NULL: no account or product with that number was announced. */
struct followed *verify_accounts_find(const struct verify_accounts *accounts, int64_t number);

/* A row of the hold table: what is open must sum up to `held`. */
bool verify_accounts_hold(struct verify_accounts *accounts, const struct hold *row,
                          struct finding *finding);

/* The account row, after the whole journal and all holds. Adds its balance to the totals. */
bool verify_accounts_row(struct verify_accounts *accounts, const struct account *row,
                         struct finding *finding);

/* Afterwards: no account of the journal is without a row. `next_number` is the lane's. */
bool verify_accounts_complete(const struct verify_accounts *accounts, int64_t next_number,
                              struct finding *finding);

#endif
