/* Breaks texts on purpose: seeded mutations of given examples, for differential tests. */
#ifndef TELLER_TESTS_HARNESS_MUTATOR_H
#define TELLER_TESTS_HARNESS_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

#include "common/prng.h"

#define MUTATOR_TEXT_MAX 1024 /* bytes */
#define MUTATOR_EXAMPLES_MAX 128

struct mutator {
    struct prng prng;
    char examples[MUTATOR_EXAMPLES_MAX][MUTATOR_TEXT_MAX];
    size_t lens[MUTATOR_EXAMPLES_MAX];
    size_t count;
    char text[MUTATOR_TEXT_MAX]; /* the last mutant; not terminated */
    size_t len;
};

/* Reads every file that the glob pattern finds, from the root of the repository. */
void mutator_add_files(struct mutator *mutator, const char *pattern);

/* Makes mutator->text of one example by one or two small changes. */
void mutator_next(struct mutator *mutator);

#endif
