#include "producer/await.h"

static enum await_verdict take_own(struct await *await, struct report *report,
                                   const struct result *result) {
    if (outcome_state(result->outcome) != STATE_PENDING) {
        report_result(report, result);
        return AWAIT_DONE;
    }
    await->is_pending = true;
    if (await->has_final) {
        return AWAIT_DONE;
    }
    report_result(report, result);
    return result->duplicate ? AWAIT_LOOK : AWAIT_MORE;
}

/* A conflict is always the word on another record: the own one would have been named. */
static bool may_end(const struct report *report, const struct result *result) {
    enum outcome_state state = outcome_state(result->outcome);
    return (state == STATE_APPLIED || state == STATE_REJECTED) &&
           result->outcome != OUTCOME_ID_CONFLICT && ident_equal(&report->entity, &result->entity);
}

enum await_verdict await_take(struct await *await, struct report *report,
                              const struct result *result) {
    if (report->offset < 0 || (report->lane == result->lane && report->offset == result->offset)) {
        return take_own(await, report, result);
    }
    if (!may_end(report, result)) {
        return AWAIT_MORE;
    }
    report_result(report, result);
    await->has_final = true;
    return await->is_pending ? AWAIT_DONE : AWAIT_MORE;
}
