/* The strict codec of commands: JSON in, struct command out, or a refusal that names the field.
 *
 * Precedence of refusals, so that one input always gets one answer:
 * 1. size: too_large;
 * 2. syntax, and anything but an object: malformed. Where the parser stops inside a field at what
 *    is no syntax error (a duplicate key, a number beyond 64 bits, NUL in a string, thousands of
 *    levels), it is invalid_field and names it;
 * 3. `v`: unsupported_version for another integer, invalid_field if it is missing or no integer;
 * 4. `type`: unknown_type for another text, invalid_field if it is missing or no text;
 * 5. fields that the type does not have, in the order of the input: invalid_field;
 * 6. its fields in the order of common/command_fields.c, the members of a group one by one. */
#ifndef TELLER_COMMON_COMMAND_JSON_H
#define TELLER_COMMON_COMMAND_JSON_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/command.h"
#include "common/outcome.h"
#include "common/strbuf.h"

#define REFUSAL_DETAIL_MAX 160

/* The newest rules number (lane.rules in schemas/db/002_lane.sql) that this codec knows. */
#define COMMAND_JSON_RULES 1

/* What one command may take from the arena: its memo and the members of a group. */
#define COMMAND_JSON_ARENA (192 + COMMAND_GROUP_MAX * sizeof(struct command_member))

/* Why a record is not a command. `id` is what could be read of it, for the client's sake only: a
 * quarantined record claims no id. */
struct refusal {
    enum outcome reason; /* one of the STATE_QUARANTINED outcomes */
    bool has_id;         /* never for malformed and too_large */
    struct uuid id;
    char detail[REFUSAL_DETAIL_MAX]; /* "amount: must be ..."; printable ASCII */
};

/* What a command holds where the client gave nothing. */
extern const struct command command_defaults;

/* Decodes and validates one command under a rules number 1 .. COMMAND_JSON_RULES. False: *why says
 * what is wrong, and *out is not to be used. `json` without bytes is a tombstone. `arena` must have
 * COMMAND_JSON_ARENA bytes left: what *out points to lives there, not in `json`.
 *
 * Thread-safe. Allocates through jansson only, and aborts when out of memory: a refusal is written
 * to the ledger, so it may never be the answer to a lack of memory. That holds because this file
 * sets jansson's allocator before main(); under another one command_decode aborts. */
bool command_decode(struct slice json, int32_t rules, struct arena *arena, struct command *out,
                    struct refusal *why);

/* The same without the fast path of common/command_scan.h: slower, and its judge in tests. */
bool command_decode_tree(struct slice json, int32_t rules, struct arena *arena, struct command *out,
                         struct refusal *why);

/* Appends the command's JSON, without blanks, in the order in which fields are checked. */
void command_encode(const struct command *command, struct strbuf *out);

#endif
