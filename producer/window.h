/* Commands on their way, in the order of the input: sent, awaited, and reported strictly in that
 * order, however their answers come. Bounded: a full window makes its caller wait (back-pressure).
 *
 * One thread. It makes progress only inside these functions. */
#ifndef TELLER_PRODUCER_WINDOW_H
#define TELLER_PRODUCER_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "common/command.h"
#include "common/command_json.h"
#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/topic_names.h"
#include "common/slice.h"
#include "producer/report.h"

/* Called once per command or refusal, in the order of the input. */
typedef void window_done(void *context, const struct report *report);

struct window_options {
    const struct kafka_settings *kafka; /* read by window_open only */
    const struct topic_names *topics;   /* likewise */
    const struct ident *only; /* likewise; all commands are on this entity; NULL: on any */
    const char *source;       /* ce_source */
    const char *db;           /* conninfo, to look repeated commands up in; NULL: none */
    int64_t timeout_ms;       /* for metadata, delivery, and with wait for the final result */
    uint16_t partitions;      /* the number that is expected; 0: any */
    bool wait;                /* a command is done with its final result, not with its delivery */
    bool plain_records;       /* no headers: a fast preload */
    uint32_t room;            /* commands on their way at most */
    window_done *done;
    void *context;
};

struct window;

/* Connects, as link_open does. With wait, reading of
 * results has begun when this returns. NULL: *err. Close with window_close (NULL too). */
struct window *window_open(const struct window_options *options, struct err *err);
void window_close(struct window *window);

uint16_t window_partitions(const struct window *window);

/* Sends one command, whose JSON is `json` (copied). Waits while the window is full, or while a
 * command with the same id is on its way. A failure to send is that command's report. */
void window_send(struct window *window, int64_t line, const struct command *command,
                 struct slice json);

/* Puts a line that was not sent into its place in the order. */
void window_refuse(struct window *window, int64_t line, const struct refusal *why);

/* Takes what has come, waiting at most timeout_ms for it. */
void window_pump(struct window *window, int timeout_ms);

/* True while commands are on their way. */
bool window_busy(const struct window *window);

/* Until nothing is on its way; each command's own deadline ends this. After a first stop signal at
 * most a second is waited, after another one none. */
void window_finish(struct window *window);

#endif
