#include "producer/tally.h"

#include <string.h>

static bool is_open(enum report_state state) {
    return state == REPORT_UNSENT || state == REPORT_UNKNOWN || state == REPORT_PENDING;
}

void tally_add(struct tally *tally, const struct report *report) {
    int code = report_exit_code(report);
    tally->total++;
    tally->counts[report->state]++;
    tally->worst = code > tally->worst ? code : tally->worst;
    if (is_open(report->state) && tally->detail[0] == '\0') {
        memcpy(tally->detail, report->detail, sizeof tally->detail);
    }
}

int64_t tally_count(const struct tally *tally, enum report_state state) {
    return tally->counts[state];
}

int tally_code(const struct tally *tally) {
    return tally->worst;
}

static void print_counts(const struct tally *tally, FILE *out) {
    fprintf(out, "teller: %lld commands", (long long)tally->total);
    const char *before = ": ";
    for (int state = 0; state < TALLY_STATES; state++) {
        if (tally->counts[state] > 0) {
            fprintf(out, "%s%lld %s", before, (long long)tally->counts[state],
                    report_state_word((enum report_state)state));
            before = ", ";
        }
    }
    fputc('\n', out);
}

void tally_explain(const struct tally *tally, bool all, bool random_ids, FILE *out) {
    int64_t open = tally->counts[REPORT_UNSENT] + tally->counts[REPORT_UNKNOWN] +
                   tally->counts[REPORT_PENDING];
    if (all || open > 0) {
        print_counts(tally, out);
    }
    if (open == 0) {
        return;
    }
    fprintf(out, "teller: first reason: %s\n", tally->detail);
    fputs(random_ids ? "teller: the ids were made at random: ask with teller outcome ID before you "
                       "send again what is not known\n"
                     : "teller: run the same command again: what was done already is not done "
                       "twice\n",
          out);
}
