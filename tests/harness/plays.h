/* The races of the scenarios as plays: what is there before, what many producers then do at once,
 * and what must be true afterwards, in whichever order it happened and whoever died meanwhile. Each
 * is played alone in tests/integration, and all of them at once, under kills, in tests/chaos. */
#ifndef TELLER_TESTS_HARNESS_PLAYS_H
#define TELLER_TESTS_HARNESS_PLAYS_H

#include <stdio.h>

#include "common/prng.h"
#include "tests/harness/crowd.h"
#include "tests/harness/ledger.h"

/* Names in a play begin with its own, so that all fit into one ledger. */
struct play {
    const char *name; /* "r1" */
    /* Opens accounts and products, then fills them: two scripts, each applied to its end. */
    void (*open)(FILE *script, struct prng *prng);
    void (*fill)(FILE *script, struct prng *prng); /* may be NULL */
    /* Shares the race out among the members. */
    void (*race)(struct crowd *crowd, struct prng *prng);
    /* Aborts where the ledger is not as it must be. */
    void (*check)(const struct ledger *ledger);
};

extern const struct play plays_remittance[];
extern const struct play plays_sale[];
extern const struct play plays_deal[];

/* The play of that name; aborts where there is none. */
const struct play *play_find(const char *name);

/* All of them, in turn; NULL behind the last. */
const struct play *play_at(size_t index);

/* Applies what must be there before, by one producer, and waits until nothing is under way. */
void play_prepare(const struct ledger *ledger, const struct play *const *plays, size_t count);

/* One command of a script, with a new id; `fields` is JSON without braces, quotes as '. */
void play_say(FILE *script, struct prng *prng, const char *fields, ...)
    __attribute__((format(printf, 3, 4)));

/* Opens an account in KRW with that balance. */
void play_account(FILE *script, struct prng *prng, int64_t balance, const char *name, ...)
    __attribute__((format(printf, 4, 5)));

/* A question of one number, with the play's own names in it. */
int64_t play_ask(const struct ledger *ledger, const char *sql, ...)
    __attribute__((format(printf, 2, 3)));

/* Outcomes of commands on accounts or products whose names are LIKE that. */
int64_t play_outcomes(const struct ledger *ledger, const char *names, const char *word);

/* balance of an account, stock and sold of a product. */
int64_t play_balance(const struct ledger *ledger, const char *account);
int64_t play_stock(const struct ledger *ledger, const char *product);

/* Aborts with the text unless both are the same. */
void play_same(int64_t is, int64_t should_be, const char *what);

/* False while a command is under way, of whomever. */
bool play_is_settled(void *ledger);

#endif
