#include <stdio.h>
#include <unistd.h>

#include "common/check.h"
#include "common/rt/stop.h"
#include "producer/batch_input.h"
#include "producer/progress.h"
#include "producer/submit.h"
#include "producer/tally.h"
#include "producer/verbs.h"

#define ROOM 16384     /* commands on their way at most */
#define BUSY_WAIT_MS 2 /* between two looks at input and answers */
#define IDLE_WAIT_MS 200

struct apply {
    struct cli *cli;
    struct render render;
    struct batch_input input;
    struct progress progress;
    struct tally tally;
    uint16_t partitions; /* of a dry run */
    struct window *window;
};

static void report_done(void *context, const struct report *report) {
    struct apply *apply = context;
    struct render_extra extra = {.retry = NULL};
    tally_add(&apply->tally, report);
    render_report(&apply->render, report, &extra);
}

static void report_line(struct apply *apply, const struct refusal *why) {
    struct report report;
    report_refusal(&report, apply->input.lines.number, why);
    report_done(apply, &report);
}

/* A file is looked through before its first command is sent: all of it goes, or nothing. */
static bool validate_all(struct apply *apply, struct err *err) {
    struct command command;
    struct slice json;
    struct refusal why;
    enum batch_answer answer;
    int64_t lines = 0;
    do {
        answer = batch_input_next(&apply->input, -1, &command, &json, &why);
        lines += answer == BATCH_COMMAND || answer == BATCH_REFUSED ? 1 : 0;
        if (answer == BATCH_REFUSED) {
            report_line(apply, &why);
        }
    } while (answer != BATCH_END && !stop_requested());
    int64_t bad = tally_count(&apply->tally, REPORT_INVALID);
    if (bad > 0) {
        return err_set(err, ERR_DATA, "%s: %lld of %lld lines are invalid; nothing was sent",
                       apply->input.name, (long long)bad, (long long)lines);
    }
    return batch_input_complete(&apply->input, err) && batch_input_rewind(&apply->input, err);
}

static void take_command(struct apply *apply, const struct command *command, struct slice json) {
    int64_t line = apply->input.lines.number;
    if (!apply->cli->settings.dry_run) {
        window_send(apply->window, line, command, json);
        return;
    }
    apply->tally.total++;
    submit_dry_run(&apply->render, line, command, json, apply->partitions);
}

static void take_refusal(struct apply *apply, const struct refusal *why) {
    if (apply->window != NULL) {
        window_refuse(apply->window, apply->input.lines.number, why);
    } else {
        report_line(apply, why);
    }
}

/* While no line comes, answers are still taken and shown: a program at the other end may wait for
 * one before it writes the next. Returns how long to wait for a line. */
static int idle(struct apply *apply) {
    if (apply->window == NULL) {
        fflush(apply->render.out);
        return IDLE_WAIT_MS;
    }
    window_pump(apply->window, 0);
    fflush(apply->render.out);
    return window_busy(apply->window) ? BUSY_WAIT_MS : IDLE_WAIT_MS;
}

static void send_all(struct apply *apply) {
    struct command command;
    struct slice json;
    struct refusal why;
    enum batch_answer answer = BATCH_NOTHING;
    int wait_ms = 0;
    while (answer != BATCH_END && !stop_requested() && ferror(apply->render.out) == 0) {
        answer = batch_input_next(&apply->input, wait_ms, &command, &json, &why);
        wait_ms = 0;
        switch (answer) {
        case BATCH_COMMAND:
            take_command(apply, &command, json);
            progress_show(&apply->progress, apply->input.lines.bytes, apply->tally.total);
            break;
        case BATCH_REFUSED: take_refusal(apply, &why); break;
        case BATCH_NOTHING: wait_ms = idle(apply); break;
        case BATCH_END: break;
        }
    }
    if (apply->window != NULL) {
        window_finish(apply->window);
    }
    progress_end(&apply->progress);
}

static bool run(struct apply *apply, struct err *err) {
    const struct settings *settings = &apply->cli->settings;
    if (!batch_input_open(&apply->input, apply->cli->operands[0], settings, err)) {
        return false;
    }
    if (apply->input.regular && !validate_all(apply, err)) {
        return false;
    }
    struct submit_options options = {
        .settings = settings, .room = ROOM, .done = report_done, .context = apply};
    if (!submit_open(&options, &apply->window, &apply->partitions, err)) {
        return false;
    }
    if (isatty(apply->input.lines.fd) == 1) {
        fputs("teller: type commands, one JSON object per line; Ctrl-D ends\n", stderr);
    }
    progress_init(&apply->progress, !settings->quiet && apply->input.regular, apply->input.size);
    send_all(apply);
    return batch_input_complete(&apply->input, err);
}

int verb_apply(struct cli *cli) {
    struct apply apply = {.cli = cli};
    struct err err = ERR_INIT;
    cli_render(cli, &apply.render);
    int code = run(&apply, &err) ? tally_code(&apply.tally) : cli_fail(&err);
    fflush(apply.render.out);
    tally_explain(&apply.tally, cli->settings.verbose, cli->settings.make_ids, stderr);
    window_close(apply.window);
    batch_input_close(&apply.input);
    render_close(&apply.render);
    return code;
}
