/* A progress bar on stderr, for people only: nothing is shown where stderr is no terminal. */
#ifndef TELLER_PRODUCER_PROGRESS_H
#define TELLER_PRODUCER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool shown;
    int64_t total; /* 0: not known */
    int64_t started_ms;
    int64_t drawn_ms;
};

void progress_init(struct progress *progress, bool wanted, int64_t total);

/* Redraws at most ten times a second: `done` of the total, and how many commands that were. */
void progress_show(struct progress *progress, int64_t done, int64_t commands);

/* Wipes the bar. */
void progress_end(struct progress *progress);

#endif
