#include "producer/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "common/rt/clock.h"

#define REDRAW_MS 100
#define BAR_WIDTH 30

void progress_init(struct progress *progress, bool wanted, int64_t total) {
    *progress = (struct progress){.shown = wanted && isatty(STDERR_FILENO) == 1, .total = total};
    progress->started_ms = clock_monotonic_ms();
    progress->drawn_ms = progress->started_ms;
}

static void draw_bar(int64_t done, int64_t total) {
    int64_t filled = done >= total ? BAR_WIDTH : done * BAR_WIDTH / total;
    fputc('[', stderr);
    for (int64_t i = 0; i < BAR_WIDTH; i++) {
        fputc(i < filled ? '#' : '.', stderr);
    }
    fprintf(stderr, "] %3d%%  ", (int)(done >= total ? 100 : done * 100 / total));
}

void progress_show(struct progress *progress, int64_t done, int64_t commands) {
    if (!progress->shown) {
        return;
    }
    int64_t now = clock_monotonic_ms();
    if (now - progress->drawn_ms < REDRAW_MS) {
        return;
    }
    progress->drawn_ms = now;
    int64_t spent = now - progress->started_ms;
    fputc('\r', stderr);
    if (progress->total > 0) {
        draw_bar(done, progress->total);
    }
    fprintf(stderr, "%lld commands, %lld/s\033[K", (long long)commands,
            (long long)(spent > 0 ? commands * 1000 / spent : 0));
}

void progress_end(struct progress *progress) {
    if (progress->shown) {
        fputs("\r\033[K", stderr);
    }
}
