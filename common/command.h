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
    X(GROUP, 11, "group")                                                                          \
    X(TRANSFER, 20, "transfer")                                                                    \
    X(PRODUCT_CREATE, 30, "product.create")                                                        \
    X(PRODUCT_RESTOCK, 31, "product.restock")                                                      \
    X(PRODUCT_PRICE, 32, "product.price")                                                          \
    X(PRODUCT_FINALIZE, 33, "product.finalize")                                                    \
    X(PURCHASE, 40, "purchase")                                                                    \
    X(SUBSCRIBE, 41, "subscribe")                                                                  \
    X(UNSUBSCRIBE, 42, "unsubscribe")

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
    GIVEN_TO = 1 << 7,     /* required but for capture, where absent means out of the ledger */
    GIVEN_SELLER = 1 << 8,
    GIVEN_CAP = 1 << 9,
    GIVEN_CAP_PER_ACCOUNT = 1 << 10,
};

/* How a product is sold: at once while stock lasts, or allotted pro rata when it is finalized. The
 * numbers are what the database stores. */
enum product_mode { PRODUCT_SALE = 1, PRODUCT_SUBSCRIPTION = 2 };

/* NULL for no such mode; false where no mode has that word. */
const char *product_mode_word(enum product_mode mode);
bool product_mode_parse(const char *word, size_t len, enum product_mode *out);

/* A member of a group: deposit, withdraw, hold, capture or release, on the group's account. */
struct command_member {
    enum command_type type;
    uint32_t given;
    int64_t amount;       /* minor units */
    int32_t expires_in_s; /* 0: never */
    struct uuid hold;
};

struct command {
    enum command_type type;
    uint32_t given; /* bits of enum command_given */
    struct uuid id;
    struct ident entity;   /* the account (or product) that the command is keyed by */
    struct asset currency; /* of account.open; elsewhere, if given, it must match */
    int64_t expected_version;
    int64_t amount;        /* minor units, >= 1 */
    int64_t floor;         /* minor units, <= 0; 0 if not given */
    int64_t ceiling;       /* minor units, >= 0; MONEY_MAX if not given */
    int32_t expires_in_s;  /* 0: never */
    struct uuid reference; /* `hold` of capture and release, `of`, `subscription` */
    struct ident to;       /* receiver of a transfer or capture; len 0: none */
    struct ident product;  /* of purchase, subscribe and unsubscribe, whose entity is the account */
    int64_t quantity;      /* units, >= 1; of a restock any but 0 */
    int64_t price;         /* minor units of one piece, >= 1 */
    int64_t stock;         /* units, >= 0 */
    int64_t cap;           /* units that may be subscribed; 0: no cap */
    int64_t cap_per_account; /* units; 0: no cap */
    struct ident seller;     /* who gets the money; len 0: the lane's @sales */
    enum product_mode mode;
    struct slice memo;                    /* lives in the arena given to the decoder */
    const struct command_member *members; /* of a group; in the same arena */
    size_t members_count;
};

const char *command_type_word(enum command_type type);
bool command_type_parse(const char *word, size_t len, enum command_type *out);
bool command_type_from_number(int number, enum command_type *out);

/* True: the command is keyed by a product; else by an account, as a purchase is. */
bool command_type_is_on_product(enum command_type type);

#define COMMAND_HASH_LEN 16

/* The payload hash that tells a repeated command from a conflicting one: the first 16 bytes of
 * SHA-256 over a canonical encoding of every field but the client's time, with a version byte. */
void command_hash(const struct command *command, uint8_t hash[COMMAND_HASH_LEN]);

#endif
