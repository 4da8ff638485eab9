/* Several producer processes at once: each a real `teller apply` of its own file. */
#ifndef TELLER_TESTS_HARNESS_CROWD_H
#define TELLER_TESTS_HARNESS_CROWD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/harness/ledger.h"

#define CROWD_MAX 16

struct crowd_member {
    FILE *script; /* NDJSON commands, written by the test before crowd_run */
    char script_path[LEDGER_TEXT_MAX + 32];
    char said_path[LEDGER_TEXT_MAX + 32]; /* its stdout, one outcome line per command */
    struct process process;
};

struct crowd {
    const struct ledger *ledger;
    struct crowd_member members[CROWD_MAX];
    int count;
};

void crowd_open(struct crowd *crowd, const struct ledger *ledger, int members);

/* Starts them all at once with `--wait`. */
void crowd_start(struct crowd *crowd);

/* Waits for all; the worst exit code. */
int crowd_join(struct crowd *crowd, int64_t timeout_ms);

/* Both. */
int crowd_run(struct crowd *crowd, int64_t timeout_ms);

/* How many lines of their output hold the text. */
int64_t crowd_count(const struct crowd *crowd, const char *text);

#endif
