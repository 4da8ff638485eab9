/* A thread that answers commands as a worker would, so that `teller --wait` can be tested against
 * answers that a real worker gives seldom. What it answers is said by the account's name:
 *   applied-*    applied
 *   rejected-*   insufficient_funds
 *   pending-*    pending, applied, and pending once more
 *   crossing-*   pending, then applied as another lane does it
 *   overtaken-*  likewise, but pending comes last
 *   usurped-*    applied as another lane does it for a record before, and id_conflict for this one
 *   repeated-*   pending, and a duplicate
 *   stranger-*   rejected for another record with the same id, then applied for this one
 *   backwards-*  applied, but BACKWARDS commands at a time, the last one first
 *   silent-*     nothing */
#ifndef TELLER_TESTS_INTEGRATION_TEST_CLI_FAKE_H
#define TELLER_TESTS_INTEGRATION_TEST_CLI_FAKE_H

#include "tests/harness/process.h"
#include "tests/integration/test_kafka_support.h"

#define FAKE_PARTITIONS 4
#define FAKE_BACKWARDS 5

struct fake;

/* Topics of its own on the shared broker, and the thread. */
struct fake *fake_open(void);
void fake_close(struct fake *fake);

const struct kafka_fixture *fake_topics(const struct fake *fake);

/* Runs build/teller on these topics with the words (NULL at the end) and `input` (may be NULL). */
void fake_teller(const struct fake *fake, struct captured *captured, const char *input,
                 const char *const *words);

/* How many records the commands topic holds. */
int fake_records(const struct fake *fake);

#endif
