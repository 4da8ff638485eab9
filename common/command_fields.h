/* Which fields each type of command has: one table drives the codec, the encoder and the payload
 * hash. A new type is a row of COMMAND_TYPES, a list here and a case in command_fields(). */
#ifndef TELLER_COMMON_COMMAND_FIELDS_H
#define TELLER_COMMON_COMMAND_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/command.h"

enum field_kind {
    FIELD_V,       /* the integer 1; not kept */
    FIELD_TYPE,    /* enum command_type */
    FIELD_UUID,    /* struct uuid, from text */
    FIELD_IDENT,   /* struct ident, from text */
    FIELD_ASSET,   /* struct asset, from text */
    FIELD_AMOUNT,  /* int64_t, from an integer or a string of digits */
    FIELD_INTEGER, /* int64_t, from an integer */
    FIELD_SECONDS, /* int32_t, from an integer */
    FIELD_MEMO,    /* struct slice, from text */
    FIELD_NOTE,    /* text that is checked and not kept */
    FIELD_CHANGE,  /* as FIELD_AMOUNT, but never 0 */
    FIELD_MODE,    /* enum product_mode, from its word */
    FIELD_MEMBERS, /* members and members_count of struct command */
};

struct field {
    const char *name;
    enum field_kind kind;
    uint8_t tag;      /* in the canonical encoding: never changes; 0: not part of it */
    uint32_t given;   /* bit of enum command_given; 0: a field that is always required */
    size_t offset;    /* in struct command, or in struct command_member */
    int64_t low;      /* bounds of numbers */
    int64_t high;     /* bounds of numbers; most bytes of text */
    const char *must; /* what a refused value should have been; v and type are judged apart */
};

struct field_use {
    const struct field *field; /* NULL ends a list */
    bool required;
};

/* The fields of a command of that type, in the order in which they are checked and written. */
const struct field_use *command_fields(enum command_type type);

/* The same for a member of a group; NULL for a type that may not be a member. */
const struct field_use *command_member_fields(enum command_type type);

#endif
