/* Numbers and verdicts as people read them, for the terminal and for the page. */
#ifndef TELLER_TESTS_RACE_WORDS_H
#define TELLER_TESTS_RACE_WORDS_H

#include <stdint.h>

#include "tests/race/bout.h"

#define WORDS_MAX 96

void words_count(char text[WORDS_MAX], int64_t number); /* 1,234,567 */
void words_ms(char text[WORDS_MAX], int64_t us);        /* 0.82, 12.3, 1,240 */

enum verdict {
    VERDICT_EXACT,
    VERDICT_ERRORS, /* exact, but users saw errors */
    VERDICT_WRONG,
    VERDICT_NOT_RUN,
};

enum verdict words_verdict(const struct bout_result *result);

/* "exact", "lost 700,000", "oversold 3", "29 errors". */
void words_outcome(char text[WORDS_MAX], const struct bout_result *result);

#endif
