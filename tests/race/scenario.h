/* What is raced for: rows with a start value, and what each client asks for, one thing after
 * another. */
#ifndef TELLER_TESTS_RACE_SCENARIO_H
#define TELLER_TESTS_RACE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCENARIO_CLIENTS_MAX 64
#define SCENARIO_ROWS_MAX 1024
#define SCENARIO_OPS_MAX 128 /* in one client's script */
#define SCENARIO_MOVES_MAX 3

#define SCENARIO_PRICE 5000      /* won, of one unit in the shop */
#define SCENARIO_REMITTANCE 5000 /* won */
#define SCENARIO_WITHDRAWAL 7000 /* won */

enum op_kind {
    OP_DEPOSIT,  /* one row up */
    OP_WITHDRAW, /* one row down */
    OP_TRANSFER, /* one row down, another up */
    OP_PURCHASE, /* buyer down, stock down, seller up */
    OP_JOIN,     /* a new member of a club that has a cap: a row is inserted */
    OP_FINALIZE, /* a deal is closed once */
};

struct move {
    int row;       /* of the bout */
    int64_t delta; /* won, or units */
};

/* All of it or nothing; no row may fall below 0. */
struct op {
    enum op_kind kind;
    int who; /* account row of whoever asks; of JOIN it does not move */
    int moves_count;
    struct move moves[SCENARIO_MOVES_MAX];
};

struct script {
    int count;
    struct op ops[SCENARIO_OPS_MAX];
};

enum row_role {
    ROW_ACCOUNT, /* value: won */
    ROW_PRODUCT, /* value: units in stock */
    ROW_CLUB,    /* value: places; what counts is how many are left */
    ROW_DEAL,    /* value: 1 open, 0 closed */
};

struct row {
    enum row_role role;
    int64_t start;
};

/* How a scenario is run. */
struct scale {
    int clients;
    int rounds;     /* the clients start each together, on fresh rows */
    int per_round;  /* requests of one client; 0: until the time is up */
    int64_t run_ms; /* for per_round 0 */
};

/* What one number says how it ended. */
enum headline {
    HEADLINE_VALUE,   /* value of the round's headline row against what clients were told */
    HEADLINE_TOTAL,   /* sum of the round's accounts against what clients were told */
    HEADLINE_WINNERS, /* requests that were told "done" against how many may be */
};

struct scenario {
    const char *name;
    const char *title;
    const char *story;    /* for the page */
    const char *needs[2]; /* command types that Teller's row takes; NULL: none */
    struct scale scale;   /* clients 0: a load, tried with many numbers of clients */
    int think_ms;         /* between a read and the write that depends on it */
    int headline_row;     /* within a round */
    enum headline headline;
    int64_t ideal;        /* winners of a round */
    bool naive_must_lose; /* so sure that the lab fails if it does not */
    /* How many rows a round has with that many clients; fills them. */
    int (*rows)(int clients, struct row *rows);
    /* The i-th request of a client in a round whose rows begin at `base`. */
    void (*op)(int base, int client, int i, struct op *op);
};

#define SCENARIO_COUNT 7

extern const struct scenario scenario_table[SCENARIO_COUNT];

bool scenario_is_load(const struct scenario *scenario);

/* What one client asks for: over all rounds, or (a load) again and again. */
void scenario_script(const struct scenario *scenario, const struct scale *scale, int client,
                     struct script *script);

#endif
