#include "producer/report.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"

const char *report_state_word(enum report_state state) {
    switch (state) {
#define WORD(symbol, word, code)                                                                   \
    case REPORT_##symbol: return word;
        REPORT_STATES(WORD)
#undef WORD
    }
    CHECK(!"report state");
}

static void clear(struct report *report, int64_t line) {
    memset(report, 0, sizeof *report);
    report->line = line;
    report->lane = -1;
    report->offset = -1;
}

void report_command(struct report *report, int64_t line, const struct command *command) {
    clear(report, line);
    report->has_id = true;
    report->id = command->id;
    report->type = (int)command->type;
    report->entity = command->entity;
    report->other = command->product.len > 0 ? command->product : command->to;
    report->amount = command->amount;
    report->quantity = command->quantity;
    report->price = command->price;
    report->currency = command->currency;
}

void report_refusal(struct report *report, int64_t line, const struct refusal *why) {
    clear(report, line);
    report->state = REPORT_INVALID;
    report->has_id = why->has_id;
    report->id = why->id;
    report->reason = why->reason;
    snprintf(report->detail, sizeof report->detail, "%s", why->detail);
}

static enum report_state state_of(enum outcome outcome) {
    switch (outcome_state(outcome)) {
    case STATE_APPLIED: return REPORT_APPLIED;
    case STATE_PENDING: return REPORT_PENDING;
    case STATE_REJECTED: return REPORT_REJECTED;
    case STATE_QUARANTINED: return REPORT_QUARANTINED;
    }
    CHECK(!"outcome state");
}

void report_result(struct report *report, const struct result *result) {
    report->state = state_of(result->outcome);
    report->reason = result->outcome;
    snprintf(report->detail, sizeof report->detail, "%s", result->detail);
    report->has_balance = result->has_balance;
    report->balance = result->balance;
    report->has_available = result->has_balance;
    report->available = result->available;
    report->version = result->version;
    report->duplicate = result->duplicate;
    report->at_ms = result->at_ms;
}

int report_exit_code(const struct report *report) {
    if (report->state == REPORT_UNSENT && report->kind != ERR_NONE) {
        return err_exit_code(report->kind);
    }
    switch (report->state) {
#define CODE(symbol, word, code)                                                                   \
    case REPORT_##symbol: return code;
        REPORT_STATES(CODE)
#undef CODE
    }
    CHECK(!"report state");
}
