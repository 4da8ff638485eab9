#include "producer/lookup.h"

#include <stdio.h>

#include "producer/query.h"

void lookup_init(struct lookup *lookup, const char *conninfo) {
    *lookup = (struct lookup){.conninfo = conninfo};
}

void lookup_close(struct lookup *lookup) {
    query_close(lookup->query);
    lookup->query = NULL;
}

/* The outcome of the lane that the command was sent to: ids are unique within a lane only. */
struct wanted {
    struct report *report;
    bool found;
};

static void take_outcome(void *context, const struct report *outcome) {
    struct wanted *wanted = context;
    struct report *report = wanted->report;
    bool is_final = outcome->state == REPORT_APPLIED || outcome->state == REPORT_REJECTED;
    if (outcome->lane != report->lane || !is_final) {
        return;
    }
    report->state = outcome->state;
    report->reason = outcome->reason;
    report->has_balance = false; /* that of today is not that of the answer */
    report->has_available = false;
    report->at_ms = outcome->at_ms;
    snprintf(report->detail, sizeof report->detail, "%s", outcome->detail);
    wanted->found = true;
}

bool lookup_final(struct lookup *lookup, struct report *report) {
    struct err err = ERR_INIT;
    struct wanted wanted = {.report = report};
    int count = 0;
    if (lookup->query == NULL) {
        lookup->query = query_open(lookup->conninfo, &err);
    }
    if (lookup->query == NULL ||
        !query_outcomes(lookup->query, &report->id, take_outcome, &wanted, &count, &err)) {
        snprintf(report->detail, sizeof report->detail, "sent before; its outcome: %.180s",
                 err.text);
        lookup_close(lookup);
        return false;
    }
    return wanted.found;
}
