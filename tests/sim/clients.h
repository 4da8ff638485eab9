/* The clients of a simulated ledger: seeded commands on a handful of accounts and products, with
 * all that clients do wrong: repeated and reused ids, poison, legs of their own making. */
#ifndef TELLER_SIM_CLIENTS_H
#define TELLER_SIM_CLIENTS_H

#include "common/prng.h"
#include "common/strbuf.h"
#include "consumer/core/leg.h"
#include "tests/sim/tape.h"

#define CLIENTS_LANES_MAX 4

struct clients {
    struct prng *prng;
    struct tape *tapes; /* one per lane */
    uint16_t lanes;
    const struct leg_secrets *secrets; /* to alter what workers wrote; never to sign anew */
    struct strbuf *text;               /* scratch */
    int64_t now_ms;                    /* the brokers' clock */
    uint64_t ids;                      /* made so far */
};

/* One more record of a client, somewhere. */
void clients_send(struct clients *clients);

/* Opens most accounts, pays money in and creates most products: a world worth breaking. */
void clients_settle_in(struct clients *clients);

/* Appends it where producers would put it. */
void clients_append(struct clients *clients, const struct command *command);

/* The time that a broker gives a record: the clock, or a little off. */
int64_t clients_stamp(const struct clients *clients);

/* Offsets to pass over before the next record: mostly 0. */
int64_t clients_gap(const struct clients *clients);

#endif
