/* What bouts are fought on: a database of the lab's own on the sandbox's server for the techniques
 * that use SQL, a ledger with a running worker on the same server for Teller, a real Redis, and the
 * directory with Django in it. */
#ifndef TELLER_TESTS_RACE_GROUND_H
#define TELLER_TESTS_RACE_GROUND_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "tests/harness/django_python.h"
#include "tests/harness/redis_server.h"
#include "tests/harness/stage.h"
#include "tests/race/scenario.h"

struct ground_wants {
    const char *database; /* its name: two labs at once must not share one */
    bool redis;
    bool django;
    bool teller;
};

struct ground {
    struct ground_wants has;
    char conninfo[LEDGER_TEXT_MAX]; /* of the lab's database */
    PGconn *db;
    struct redis_server redis;
    char scratch[32]; /* directory for sockets and plans */
    char python[DJANGO_PYTHON_MAX];
    struct stage stage; /* Teller's */
    int bouts;          /* so far: names Teller's rows */
};

/* Rows of one bout, all rounds. */
struct ground_rows {
    int count;
    int per_round;
    struct row rows[SCENARIO_ROWS_MAX];
    int64_t final[SCENARIO_ROWS_MAX]; /* by ground_read */
};

/* Aborts where something cannot be started. */
void ground_open(struct ground *ground, const struct ground_wants *wants);
void ground_close(struct ground *ground);

/* The rows that a scenario wants. */
void ground_plan_rows(struct ground_rows *rows, const struct scenario *scenario,
                      const struct scale *scale);

/* Fresh rows in the lab's database; reading what they came to. */
void ground_fill(struct ground *ground, const struct ground_rows *rows);
void ground_read(struct ground *ground, struct ground_rows *rows);

#endif
