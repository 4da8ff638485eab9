#include "tests/race/words.h"

#include <stdio.h>
#include <string.h>

#include "common/money.h"

/* Won have no fraction: their digits are those of any number. */
void words_count(char text[WORDS_MAX], int64_t number) {
    const struct asset won = {.len = 3, .text = "KRW"};
    money_format(number, &won, text);
    text[strcspn(text, " ")] = '\0';
}

void words_ms(char text[WORDS_MAX], int64_t us) {
    if (us < 10000) {
        (void)snprintf(text, WORDS_MAX, "%.2f", (double)us / 1000);
    } else if (us < 100000) {
        (void)snprintf(text, WORDS_MAX, "%.1f", (double)us / 1000);
    } else {
        words_count(text, us / 1000);
    }
}

enum verdict words_verdict(const struct bout_result *result) {
    if (result->state == BOUT_NOT_RUN) {
        return VERDICT_NOT_RUN;
    }
    if (!bout_is_exact(result)) {
        return VERDICT_WRONG;
    }
    return result->answers.errors > 0 ? VERDICT_ERRORS : VERDICT_EXACT;
}

static void describe(char text[WORDS_MAX], const char *what, int64_t number) {
    char count[WORDS_MAX];
    words_count(count, number);
    (void)snprintf(text, WORDS_MAX, "%s %.40s", what, count);
}

static void describe_damage(char text[WORDS_MAX], const struct bout_damage *damage) {
    if (damage->oversold > 0) {
        describe(text, "oversold", damage->oversold);
    } else if (damage->lost > 0 && damage->lost >= damage->created) {
        describe(text, "lost", damage->lost);
    } else if (damage->created > 0) {
        describe(text, "created", damage->created);
    } else {
        describe(text, "stock off by", damage->drift);
    }
}

void words_outcome(char text[WORDS_MAX], const struct bout_result *result) {
    char count[WORDS_MAX];
    switch (words_verdict(result)) {
    case VERDICT_EXACT: (void)snprintf(text, WORDS_MAX, "exact"); break;
    case VERDICT_ERRORS:
        words_count(count, result->answers.errors);
        (void)snprintf(text, WORDS_MAX, "%.40s errors", count);
        break;
    case VERDICT_WRONG: describe_damage(text, &result->damage); break;
    case VERDICT_NOT_RUN: (void)snprintf(text, WORDS_MAX, "not run"); break;
    }
}
