/* A command as the lane machine sees it: decoded, and valid in itself. */
#ifndef TELLER_COMMON_COMMAND_H
#define TELLER_COMMON_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ident.h"
#include "common/slice.h"
#include "common/uuid.h"

#define COMMAND_JSON_MAX 4096 /* bytes of one command's JSON */
#define COMMAND_MEMO_MAX 140  /* bytes of UTF-8 */
#define COMMAND_AT_MAX 64     /* bytes of the client's time */
#define COMMAND_GROUP_MAX 16  /* members */
#define COMMAND_EXPIRES_MAX_S 31536000

/* X(symbol, number, word). The number is what the database stores: it never changes. 1-19 are for
 * commands on one account, 20-29 for commands between accounts, 30-49 for products. */
#define COMMAND_TYPES(X)                                                                           \
    X(ACCOUNT_OPEN, 1, "account.open")                                                             \
    X(ACCOUNT_CLOSE, 2, "account.close")                                                           \
    X(ACCOUNT_FREEZE, 3, "account.freeze")                                                         \
    X(ACCOUNT_UNFREEZE, 4, "account.unfreeze")                                                     \
    X(DEPOSIT, 5, "deposit")                                                                       \
    X(WITHDRAW, 6, "withdraw")                                                                     \
    X(HOLD, 7, "hold")                                                                             \
    X(CAPTURE, 8, "capture")                                                                       \
    X(RELEASE, 9, "release")                                                                       \
    X(REVERSE, 10, "reverse")                                                                      \
    X(GROUP, 11, "group")

#define COMMAND_ENUM(symbol, number, word) COMMAND_##symbol = (number),
enum command_type { COMMAND_TYPES(COMMAND_ENUM) };
#undef COMMAND_ENUM

/* Which fields the client gave, of those that some type leaves out: an absent one adds nothing to
 * the payload hash. */
enum command_given {
    GIVEN_CURRENCY = 1 << 0,
    GIVEN_EXPECTED_VERSION = 1 << 1,
    GIVEN_MEMO = 1 << 2,
    GIVEN_FLOOR = 1 << 3,
    GIVEN_CEILING = 1 << 4,
    GIVEN_EXPIRES = 1 << 5,
    GIVEN_AMOUNT = 1 << 6, /* required but for capture, where absent means all of the hold */
};

/* A member of a group: deposit, withdraw, hold, capture or release, on the group's account. */
struct command_member {
    enum command_type type;
    uint32_t given;
    int64_t amount;        /* minor units */
    int32_t expires_in_s;  /* 0: never */
    struct uuid hold;
};

struct command {
    enum command_type type;
    uint32_t given;        /* bits of enum command_given */
    struct uuid id;
    struct ident entity;   /* the account (or product) that the command is keyed by */
    struct asset currency; /* of account.open; elsewhere, if given, it must match */
    int64_t expected_version;
    int64_t amount;        /* minor units, >= 1 */
    int64_t floor;         /* minor units, <= 0; 0 if not given */
    int64_t ceiling;       /* minor units, >= 0; MONEY_MAX if not given */
    int32_t expires_in_s;  /* 0: never */
    struct uuid reference; /* `hold` of capture and release, `of` of reverse */
    struct slice memo;     /* lives in the arena given to the decoder */
    const struct command_member *members; /* of a group; in the same arena */
    size_t members_count;
};

const char *command_type_word(enum command_type type);
bool command_type_parse(const char *word, size_t len, enum command_type *out);
bool command_type_from_number(int number, enum command_type *out);

#define COMMAND_HASH_LEN 16

/* The payload hash that tells a repeated command from a conflicting one: the first 16 bytes of
 * SHA-256 over a canonical encoding of every field but the client's time, with a version byte. */
void command_hash(const struct command *command, uint8_t hash[COMMAND_HASH_LEN]);

#endif
