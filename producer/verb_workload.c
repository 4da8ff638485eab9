#include <string.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "common/rt/stop.h"
#include "producer/progress.h"
#include "producer/submit.h"
#include "producer/tally.h"
#include "producer/verbs.h"
#include "producer/workload.h"

#define ROOM 65536 /* records on their way at most */
#define WORD(symbol, word) " " word

static void count_report(void *context, const struct report *report) {
    tally_add(context, report);
}

static void send_all(struct workload *workload, uint64_t total, struct window *window) {
    struct progress progress;
    progress_init(&progress, true, (int64_t)total);
    for (uint64_t sent = 0; sent < total && !stop_requested(); sent++) {
        struct slice json = workload_next(workload);
        window_send(window, 0, &workload->command, json);
        if (sent % 1024 == 0) {
            progress_show(&progress, (int64_t)sent, (int64_t)sent);
        }
    }
    window_finish(window);
    progress_end(&progress);
}

static void show_rate(const struct cli *cli, const struct tally *tally, int64_t spent_us) {
    struct render render;
    double rate = spent_us > 0 ? (double)tally->total * 1e6 / (double)spent_us : 0;
    cli_render(cli, &render);
    strbuf_printf(&render.line,
                  render.form == RENDER_JSON
                      ? "{\"v\":1,\"commands\":%lld,\"seconds\":%.3f,\"per_second\":%.0f}"
                      : "%lld commands in %.3f s, %.0f/s",
                  (long long)tally->total, (double)spent_us / 1e6, rate);
    render_line(&render);
    render_close(&render);
}

int verb_workload(struct cli *cli) {
    const struct settings *settings = &cli->settings;
    struct err err = ERR_INIT;
    enum workload_shape shape;
    if (!workload_shape_parse(settings->shape, &shape)) {
        err_set(&err, ERR_USAGE, "--shape: must be one of" WORKLOAD_SHAPES(WORD) ", not %s",
                settings->shape);
        return cli_fail(&err);
    }
    if (shape == WORKLOAD_TRANSFER && settings->accounts < 2) {
        err_set(&err, ERR_USAGE, "--accounts: transfers need two at least");
        return cli_fail(&err);
    }
    struct tally tally = {.total = 0};
    struct submit_options options = {.settings = settings,
                                     .room = ROOM,
                                     .plain_records = true,
                                     .done = count_report,
                                     .context = &tally};
    struct window *window;
    uint16_t partitions;
    if (!submit_open(&options, &window, &partitions, &err)) {
        return cli_fail(&err);
    }
    struct workload workload;
    workload_init(&workload, &(struct workload_plan){.shape = shape,
                                                     .accounts = (uint64_t)settings->accounts,
                                                     .seed = (uint64_t)settings->seed,
                                                     .base_ms = clock_unix_ms(),
                                                     .partitions = partitions,
                                                     .stock = settings->pieces,
                                                     .old = WORKLOAD_OLD});
    int64_t began = clock_monotonic_us();
    if (window != NULL && !settings->dry_run) {
        send_all(&workload, workload_opening(&workload) + (uint64_t)settings->count, window);
    }
    show_rate(cli, &tally, clock_monotonic_us() - began);
    tally_explain(&tally, settings->verbose, true, stderr);
    window_close(window);
    return tally_code(&tally);
}
