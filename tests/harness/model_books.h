/* What the reference model remembers, and the rules that change it. Inside the model only. */
#ifndef TELLER_TESTS_HARNESS_MODEL_BOOKS_H
#define TELLER_TESTS_HARNESS_MODEL_BOOKS_H

#include <jansson.h>
/* The default, Jenkins' hash, falls through its cases without saying so, which clang refuses. */
#define HASH_FUNCTION HASH_OAT
#include <uthash.h>

#include "tests/harness/model.h"

struct book_account {
    struct model_account shown; /* first: handed out */
    UT_hash_handle hh;          /* by shown.name.text */
};

enum book_hold { BOOK_NO_HOLD, BOOK_HOLD_OPEN, BOOK_HOLD_SETTLED };

struct book_key {
    uint8_t bytes[18]; /* lane, id */
};

/* A command id as its lane met it first. */
struct book_entry {
    struct model_answer shown; /* first: handed out */
    struct book_key key;
    uint8_t payload[16];      /* tells a repetition from a conflict */
    struct book_account *account;
    int64_t change;           /* of the balance, by a deposit or withdrawal */
    bool is_reversible;
    bool is_reversed;
    enum book_hold hold;
    int64_t held;             /* by the hold that this command made */
    UT_hash_handle hh;        /* by key */
};

struct model_lane {
    struct model_verdict *verdicts; /* by offset */
    int64_t count;
    int64_t room;
};

struct model {
    struct book_account *accounts;
    struct book_entry *entries;
    struct model_lane *lanes;
    uint16_t lanes_count;
    size_t quarantined;
};

struct book_entry *books_entry(const struct model *model, uint16_t lane, const struct uuid *id);
struct book_account *books_account(const struct model *model, const char *name);
struct book_account *books_open(struct model *model, const char *name);

/* Carries out a command that its lane has not met before; entry->shown gets the answer's outcome,
 * balance and version. */
void rules_run(struct model *model, struct book_entry *entry, const json_t *command);

#endif
