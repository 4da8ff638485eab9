/* Builds the JSON of one command from what was typed, so that the codec is the only judge of it:
 * a value that is not a number goes in as a string, and the codec refuses it by its field. */
#ifndef TELLER_PRODUCER_DRAFT_H
#define TELLER_PRODUCER_DRAFT_H

#include "common/arena.h"
#include "common/command.h"
#include "common/command_json.h"
#include "common/strbuf.h"

struct draft {
    struct strbuf json;
};

/* Begins a command; close with draft_close. */
void draft_open(struct draft *draft, const struct uuid *id, const char *type);
void draft_close(struct draft *draft);

/* Adds a field; `text` is what the user typed. */
void draft_add_text(struct draft *draft, const char *field, const char *text);
void draft_add_number(struct draft *draft, const char *field, const char *text);

/* Adds a field whose value is JSON already; the codec judges it, whatever it is. */
void draft_add_json(struct draft *draft, const char *field, const char *json);

/* Ends the object and decodes it. False: *why names the field. */
bool draft_finish(struct draft *draft, struct arena *arena, struct command *out,
                  struct refusal *why);

#endif
