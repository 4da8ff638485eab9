/* The strict codec of commands: JSON in, struct command out, or a refusal that names the field.
 *
 * Precedence of refusals: size, then syntax (malformed), then `v`, then `type`, then fields in the
 * order of schemas/command.v1.json; so that one input always gets one answer. */
#ifndef TELLER_COMMON_COMMAND_JSON_H
#define TELLER_COMMON_COMMAND_JSON_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/command.h"
#include "common/outcome.h"
#include "common/strbuf.h"

#define REFUSAL_DETAIL_MAX 160

/* Why a record is not a command. `id` is what could be read of it, for the client's sake only: a
 * quarantined record claims no id. */
struct refusal {
    enum outcome reason; /* one of the STATE_QUARANTINED outcomes */
    bool has_id;
    struct uuid id;
    char detail[REFUSAL_DETAIL_MAX]; /* "amount: must be 1 .. 9223372036854775807" */
};

/* Decodes and validates one command under the given rules number (design §3). False: *why says
 * what is wrong. `arena` must have COMMAND_JSON_MAX bytes left for text plus the members of a group;
 * what *out points to lives there, not in `json`. Thread-safe; allocates through jansson only. */
bool command_decode(struct slice json, int32_t rules, struct arena *arena, struct command *out,
                    struct refusal *why);

/* Appends the command's JSON, without blanks, in the order of the schema. */
void command_encode(const struct command *command, struct strbuf *out);

#endif
