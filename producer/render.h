/* What a person, a pipe or a program gets to see, in three forms: text, --plain (fields between
 * tabs) and --json (schemas/cli.v1.json). One thread. */
#ifndef TELLER_PRODUCER_RENDER_H
#define TELLER_PRODUCER_RENDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/ident.h"
#include "common/money.h"
#include "common/slice.h"
#include "common/strbuf.h"
#include "producer/report.h"

enum render_form { RENDER_TEXT, RENDER_PLAIN, RENDER_JSON };

struct render {
    FILE *out;
    enum render_form form;
    bool colour;
    bool quiet;
    struct strbuf line; /* the line that is being made */
};

/* Borrows `out`. Colour only on a terminal and without NO_COLOR (no-color.org). */
void render_init(struct render *render, FILE *out, enum render_form form, bool quiet);
void render_close(struct render *render);

/* What an outcome line may carry beyond its report. */
struct render_extra {
    const char *retry;   /* the command line that sends the same command again; NULL: none */
    struct slice record; /* JSON that a dry run would send; at NULL: none */
};

/* One outcome line; text forms write the record of a dry run on a line of its own. */
void render_report(struct render *render, const struct report *report,
                   const struct render_extra *extra);

/* Writes render->line and a newline, and begins a new line. */
void render_line(struct render *render);

/* An amount for people; without an asset it is whole minor units: "10,000". */
void render_money(int64_t amount, const struct asset *asset, char text[MONEY_TEXT_MAX]);

/* "teller: <text>" on stderr. */
void render_error(const struct err *err);

#endif
