/* One command between lanes, as one snapshot of all lanes shows it: is every step there that must
 * be, with the amounts that follow from each other, or is the next one on its way?
 *
 * A lane tells the next step by a leg after its commit, so a snapshot may show a step without the
 * one that follows, but never one without the step that asked for it. What is told and not taken is
 * a flight, with the money that it carries; everything else that does not fit is a finding.
 * consumer/core/saga.h says which step follows from which. */
#ifndef TELLER_VERBS_VERIFY_CASE_H
#define TELLER_VERBS_VERIFY_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/adapters/pg_audit_legs.h"
#include "consumer/verbs/verify_finding.h"

#define VERIFY_CASE_STEPS (STEP_CANCEL + 1)

struct verify_case {
    struct uuid id;
    uint16_t origin;
    bool has[VERIFY_CASE_STEPS]; /* by step */
    struct audit_step steps[VERIFY_CASE_STEPS];
    bool has_subscription;
    struct audit_subscription subscription;
};

/* A leg that was told and is not taken. */
struct verify_flight {
    bool under_way; /* false: all steps are there */
    struct uuid id;
    uint16_t origin;
    int32_t step;       /* that will be taken */
    uint16_t lane;      /* that told it, ... */
    int64_t log_offset; /* ... at this record (a subscription's: at this one or before) */
    int64_t at_ms;      /* lane time of that */
    int64_t age_ms;     /* since, by the clock of whoever keeps it */
    int64_t amount;     /* that left an account for @transit with it */
    struct asset asset;
};

/* Adds a row to its case. False: there is one for that step already. */
bool verify_case_add(struct verify_case *of, const struct audit_step *step,
                     struct finding *finding);

/* False: something does not fit; else *flight says whether a step is awaited. */
bool verify_case_judge(const struct verify_case *of, struct verify_flight *flight,
                       struct finding *finding);

#endif
