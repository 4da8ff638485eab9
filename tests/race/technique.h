/* The ways in which services change a row that others change too: one table, a line each. */
#ifndef TELLER_TESTS_RACE_TECHNIQUE_H
#define TELLER_TESTS_RACE_TECHNIQUE_H

#include <stdbool.h>

#include "tests/race/scenario.h"
#include "tests/race/session.h"

/* Who runs its clients. */
enum technique_place {
    PLACE_C,      /* forked clients with libpq */
    PLACE_DJANGO, /* forked clients with Django's ORM */
    PLACE_TELLER, /* clients that publish commands and read results */
};

/* What is known about it; bits. */
enum technique_trait {
    TRAIT_MUST_LOSE = 1 << 0,  /* the lab proves nothing unless this one goes wrong */
    TRAIT_NO_FLOOR = 1 << 1,   /* keeps sums, but knows no floor: may oversell */
    TRAIT_LOSES_CAP = 1 << 2,  /* a count that others cannot see yet proves nothing */
    TRAIT_MOVES_ONLY = 1 << 3, /* cannot say "only once" or "at most so many" */
    TRAIT_SORTED = 1 << 4,     /* rows are taken in the order of their ids */
    TRAIT_RETRIES = 1 << 5,    /* tries again when it lost a race */
    TRAIT_REDIS = 1 << 6,      /* holds a lock in Redis around the transaction */
    TRAIT_STREAM = 1 << 7,     /* does not wait for an answer before the next request */
};

struct technique {
    const char *name;
    const char *title;
    const char *gist; /* what it does, for the page */
    enum technique_place place;
    unsigned traits;
    const char *begin;   /* SQL; of PLACE_C */
    enum statement read; /* how it reads what it will change */
    /* Inside the transaction: AGAIN and FAILED by session->sqlstate. */
    enum attempt (*change)(struct session *session, const struct technique *technique,
                           const struct op *op);
    enum attempt (*join)(struct session *session, const struct technique *technique,
                         const struct op *op);
};

#define TECHNIQUE_COUNT 16

extern const struct technique technique_table[TECHNIQUE_COUNT];

/* False: the scenario asks for something that the technique has no words for. */
bool technique_fits(const struct technique *technique, const struct scenario *scenario);

/* True: it must end with exact values here, or the lab fails. */
bool technique_must_be_exact(const struct technique *technique, const struct scenario *scenario);

/* One request of a PLACE_C technique from BEGIN to COMMIT, without trying again. */
enum attempt technique_attempt(const struct technique *technique, struct session *session,
                               const struct op *op);

#endif
