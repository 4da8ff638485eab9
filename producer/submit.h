/* How the verbs that send get their window: from the settings, in one place. */
#ifndef TELLER_PRODUCER_SUBMIT_H
#define TELLER_PRODUCER_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "producer/render.h"
#include "producer/settings.h"
#include "producer/window.h"

struct submit_options {
    const struct settings *settings;
    const struct ident *only; /* see struct window_options */
    uint32_t room;
    bool plain_records;
    window_done *done;
    void *context;
};

/* A window, or with --dry-run and --partitions none: *window is NULL then, and *partitions what the
 * user said. False: *err. Close with window_close. */
bool submit_open(const struct submit_options *options, struct window **window, uint16_t *partitions,
                 struct err *err);

/* Reports what a dry run would send, and to which lane. */
void submit_dry_run(struct render *render, int64_t line, const struct command *command,
                    struct slice json, uint16_t partitions);

#endif
