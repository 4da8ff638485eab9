#include "common/outcome.h"

#include <string.h>

const char *outcome_word(enum outcome outcome) {
#define OUTCOME_WORD(symbol, number, word, state)                                                  \
    case OUTCOME_##symbol: return word;
    switch (outcome) { OUTCOMES(OUTCOME_WORD) }
#undef OUTCOME_WORD
    return "?";
}

enum outcome_state outcome_state(enum outcome outcome) {
#define OUTCOME_STATE(symbol, number, word, state)                                                 \
    case OUTCOME_##symbol: return state;
    switch (outcome) { OUTCOMES(OUTCOME_STATE) }
#undef OUTCOME_STATE
    return STATE_QUARANTINED;
}

const char *outcome_state_word(enum outcome_state state) {
    switch (state) {
    case STATE_APPLIED: return "applied";
    case STATE_PENDING: return "pending";
    case STATE_REJECTED: return "rejected";
    case STATE_QUARANTINED: return "quarantined";
    }
    return "?";
}

#define OUTCOME_VALUE(symbol, number, word, state) OUTCOME_##symbol,
static const enum outcome outcomes[] = {OUTCOMES(OUTCOME_VALUE)};
#undef OUTCOME_VALUE

bool outcome_parse(const char *word, size_t len, enum outcome *out) {
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        const char *known = outcome_word(outcomes[i]);
        if (strlen(known) == len && memcmp(known, word, len) == 0) {
            *out = outcomes[i];
            return true;
        }
    }
    return false;
}

bool outcome_from_number(int number, enum outcome *out) {
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if ((int)outcomes[i] == number) {
            *out = outcomes[i];
            return true;
        }
    }
    return false;
}
