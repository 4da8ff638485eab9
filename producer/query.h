/* Read queries on the public views (schemas/db/007_views.sql). A read never waits for a writer: it
 * takes no row lock, and writers take no lock that a read waits for. */
#ifndef TELLER_PRODUCER_QUERY_H
#define TELLER_PRODUCER_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/ident.h"
#include "common/uuid.h"
#include "producer/report.h"

struct query;

/* Connects. `conninfo` is a libpq conninfo or URI, NULL or "": PG* variables. NULL: *err. Close
 * with query_close, which takes NULL too. */
struct query *query_open(const char *conninfo, struct err *err);
void query_close(struct query *query);

#define QUERY_STATE_MAX 16

struct query_account {
    struct asset currency;
    int64_t balance, held, available, floor, ceiling; /* minor units */
    char state[QUERY_STATE_MAX];                      /* "open", "frozen", "closed" */
    int64_t version;
    int32_t lane;
};

enum query_answer {
    QUERY_FOUND,
    QUERY_NONE,   /* there is no such row */
    QUERY_FAILED, /* *err */
};

enum query_answer query_account(struct query *query, const struct ident *account,
                                struct query_account *out, struct err *err);

struct query_product {
    struct asset currency;
    int64_t price;                /* minor units of one piece */
    int64_t stock, sold;          /* pieces */
    int64_t cap, cap_per_account; /* pieces; 0: no cap */
    char mode[QUERY_STATE_MAX];   /* "sale", "subscription" */
    char state[QUERY_STATE_MAX];  /* "open", "finalized" */
    char seller[IDENT_MAX + 1];   /* "": the ledger's own */
    int32_t lane;
};

enum query_answer query_product(struct query *query, const struct ident *product,
                                struct query_product *out, struct err *err);

/* One entry of an account's history; texts live until the callback returns. */
struct query_entry {
    int64_t version;
    const char *id;
    const char *type;
    int64_t amount;           /* change of the balance, minor units */
    int64_t balance;          /* after it */
    const char *counterparty; /* "" for none */
    const char *memo;         /* "" for none */
    int32_t lane;
    int64_t offset;
    const char *at; /* RFC 3339, UTC */
};

typedef void query_each_entry(void *context, const struct query_entry *entry);

/* The newest `limit` entries, newest first. False: *err. */
bool query_history(struct query *query, const struct ident *account, int64_t limit,
                   query_each_entry *each, void *context, struct err *err);

typedef void query_each_report(void *context, const struct report *report);

/* Every outcome of an id: one per lane that met it (uniqueness is per lane), then what was
 * quarantined under it. *found counts them. False: *err. */
bool query_outcomes(struct query *query, const struct uuid *id, query_each_report *each,
                    void *context, int *found, struct err *err);

#endif
