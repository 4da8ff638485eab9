/* Seeded traffic over a set of accounts: every type of command, refusals, repeated ids, conflicting
 * ids and poison, in proportions that a test chooses. */
#ifndef TELLER_TESTS_HARNESS_TRAFFIC_H
#define TELLER_TESTS_HARNESS_TRAFFIC_H

#include <stdint.h>

#include "common/prng.h"
#include "tests/harness/commands.h"
#include "tests/harness/sender.h"

#define TRAFFIC_ACCOUNTS_MAX 4096
#define TRAFFIC_RECENT 256

/* Of 1000 records; the rest are new, well-formed commands. */
struct traffic_plan {
    uint64_t seed;
    uint32_t accounts;
    uint32_t repeated;    /* an id again, with the same payload */
    uint32_t conflicting; /* an id again, with another payload */
    uint32_t poison;
    const char *prefix;   /* of the accounts' names; NULL: "acc" */
};

struct traffic_account {
    char hold[UUID_TEXT_LEN + 1];    /* the last one made; "" before */
    char deposit[UUID_TEXT_LEN + 1]; /* the last one sent */
};

struct traffic_recent {
    uint32_t account;
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
};

struct traffic {
    struct traffic_plan plan;
    struct prng prng;
    struct traffic_account accounts[TRAFFIC_ACCOUNTS_MAX];
    struct traffic_recent recent[TRAFFIC_RECENT];
    uint64_t made; /* commands so far; the newest TRAFFIC_RECENT are in `recent` */
};

/* Large: the caller keeps it on the heap. NULL never: aborts when out of memory. */
struct traffic *traffic_new(const struct traffic_plan *plan);
void traffic_free(struct traffic *traffic);

/* Opens all accounts. */
void traffic_open_accounts(struct traffic *traffic, struct sender *sender);

/* Sends the next record. */
void traffic_send(struct traffic *traffic, struct sender *sender);

#endif
