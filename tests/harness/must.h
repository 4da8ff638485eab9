/* How the harness gives up: it says why and aborts, which Criterion reports as a failed test. The
 * harness serves benchmarks too, so it does not know Criterion. */
#ifndef TELLER_TESTS_HARNESS_MUST_H
#define TELLER_TESTS_HARNESS_MUST_H

#include <stdbool.h>

/* Aborts with the text on stderr unless `ok`. */
void must(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The variable's value; aborts where it is not set: the suites run with the sandbox's variables. */
const char *must_getenv(const char *name);

#endif
