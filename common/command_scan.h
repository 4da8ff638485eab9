/* The fast path of the codec: one pass over a plain command, without a JSON tree.
 *
 * Plain is what clients send: one flat object of known fields, each once; text without escapes,
 * whole numbers. Everything else is called unusual, be it valid or not: command_json.h then decides
 * and words the refusal. So this file may only ever be too careful: what it accepts, the codec must
 * read as the same command (tests/fuzz holds the two against each other). */
#ifndef TELLER_COMMON_COMMAND_SCAN_H
#define TELLER_COMMON_COMMAND_SCAN_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/command.h"
#include "common/slice.h"

/* Reads a plain command into *out, which holds command_defaults before. `arena` must have room for
 * its texts. False: unusual; the arena is as it was, and *out is not to be used.
 * Thread-safe; allocates nothing else. Fields come from common/command_fields.c; a kind of field
 * that this file does not know makes a command unusual. */
bool command_scan(struct slice json, struct arena *arena, struct command *out);

#endif
