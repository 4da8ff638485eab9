/* A lane's share of the ledger in memory, as replay builds it up: answers what the lane machine
 * wants, and takes its batches. Nothing in it comes from the database.
 *
 * Memory: about 500 bytes per journal row, hold and account. */
#ifndef TELLER_VERBS_REPLAY_STORE_H
#define TELLER_VERBS_REPLAY_STORE_H

#include "consumer/core/lane.h"
#include "consumer/verbs/replay_table.h"

struct replay_store {
    struct replay_table accounts;      /* struct account, by id */
    struct replay_table numbers;       /* uint32_t: place in accounts, by number */
    struct replay_table entries;       /* struct entry, by command id */
    struct replay_table holds;         /* struct hold, by id */
    struct replay_table products;      /* struct product, by id */
    struct replay_table subscriptions; /* struct subscription, by id; in order of acceptance */
    struct replay_table buyers;        /* struct buyer, by account */
    struct replay_table systems;       /* struct system_change, by role */
};

void replay_store_init(struct replay_store *store);
void replay_store_close(struct replay_store *store);

/* Answers what a new tenure starts with; the store must be empty. */
void replay_store_start(struct lane *lane);
/* Answers lane_wants. */
void replay_store_load(const struct replay_store *store, struct lane *lane);
/* Takes all rows of the batch. */
void replay_store_commit(struct replay_store *store, const struct batch *batch);

/* NULL: there is none. */
struct account *replay_store_account(const struct replay_store *store, const struct ident *id);
struct hold *replay_store_hold(const struct replay_store *store, const struct uuid *id);
struct product *replay_store_product(const struct replay_store *store, const struct ident *id);
struct subscription *replay_store_subscription(const struct replay_store *store,
                                               const struct uuid *id, uint16_t origin);
struct buyer *replay_store_buyer(const struct replay_store *store, int64_t product_number,
                                 const struct ident *account);
struct system_change *replay_store_system(const struct replay_store *store, enum system_role role,
                                          const struct asset *asset);

#endif
