/* The input of `teller apply`: NDJSON lines become validated commands, one at a time. */
#ifndef TELLER_PRODUCER_BATCH_INPUT_H
#define TELLER_PRODUCER_BATCH_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/command.h"
#include "common/command_json.h"
#include "common/err.h"
#include "common/strbuf.h"
#include "producer/lines.h"
#include "producer/settings.h"

struct batch_input {
    const char *name; /* as typed; "-" is standard input */
    bool regular;     /* a file that can be read twice */
    int64_t size;     /* bytes of a regular file */
    const struct settings *settings;
    struct lines lines;
    struct arena arena;  /* of the command read last */
    struct strbuf given; /* a line that was given its id */
};

enum batch_answer {
    BATCH_COMMAND, /* *command and *json are filled; valid until the next call */
    BATCH_REFUSED, /* *why says what is wrong with the line */
    BATCH_NOTHING, /* no line came in time */
    BATCH_END,
};

/* Opens a file or standard input. False: *err. Close with batch_input_close in either case. */
bool batch_input_open(struct batch_input *input, const char *name, const struct settings *settings,
                      struct err *err);
void batch_input_close(struct batch_input *input);

/* The next line that is not blank; its number is input->lines.number. Waits as lines_next does. */
enum batch_answer batch_input_next(struct batch_input *input, int timeout_ms,
                                   struct command *command, struct slice *json,
                                   struct refusal *why);

/* From the first line again. False: *err. */
bool batch_input_rewind(struct batch_input *input, struct err *err);

/* False: *err, reading failed before the end. */
bool batch_input_complete(const struct batch_input *input, struct err *err);

#endif
