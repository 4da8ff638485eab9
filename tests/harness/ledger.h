/* A fresh ledger for one test: a database of its own and topics of its own on a sandbox, made by
 * `tellerd init`, and gone at the end. */
#ifndef TELLER_TESTS_HARNESS_LEDGER_H
#define TELLER_TESTS_HARNESS_LEDGER_H

#include <stdint.h>

#include <libpq-fe.h>

#include "tests/harness/process.h"
#include "tests/harness/sandbox.h"

#define LEDGER_NAME_MAX 48
#define LEDGER_TEXT_MAX (SANDBOX_TEXT_MAX + LEDGER_NAME_MAX + 32)
#define LEDGER_ENV_MAX 6

struct ledger {
    struct sandbox sandbox;
    char name[LEDGER_NAME_MAX];     /* of the database */
    char prefix[LEDGER_NAME_MAX];   /* of the topics, and the group */
    char commands[LEDGER_TEXT_MAX]; /* topic */
    char results[LEDGER_TEXT_MAX];
    char dead_letters[LEDGER_TEXT_MAX];
    char logs[LEDGER_TEXT_MAX]; /* directory for what programs say */
    char admin[LEDGER_TEXT_MAX]; /* conninfo of a superuser */
    char tcp[LEDGER_TEXT_MAX];   /* of the worker by TCP */
    uint16_t partitions;
    int64_t program_ms; /* how long a program may run; two minutes unless it is set otherwise */
    PGconn *db; /* superuser's connection, for the test's own questions */
    char variables[LEDGER_ENV_MAX][LEDGER_TEXT_MAX];
    const char *env[LEDGER_ENV_MAX + 1]; /* for every program of this test */
};

/* On the shared sandbox. `name`: [a-z_]+; what an earlier run of that name left is removed. */
void ledger_open(struct ledger *ledger, const char *name, uint16_t partitions);

/* On a private one. */
void ledger_open_on(struct ledger *ledger, const struct sandbox *sandbox, const char *name,
                    uint16_t partitions);

void ledger_close(struct ledger *ledger);

/* Opens ledger->db again after the database was away. */
void ledger_reconnect(struct ledger *ledger);

/* Runs build/tellerd with these arguments (NULL at the end) to its end. */
void ledger_tellerd(const struct ledger *ledger, struct captured *captured,
                    const char *const *arguments);

/* The same with build/teller; `input` for stdin may be NULL. */
void ledger_teller(const struct ledger *ledger, struct captured *captured, const char *input,
                   const char *const *arguments);

#endif
