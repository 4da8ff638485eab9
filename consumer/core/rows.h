/* The rows that a lane owns, as the lane machine holds them. schemas/db says the same in SQL.
 *
 * Times are Unix milliseconds, amounts minor units. The lane itself is not in a row: a row belongs
 * to the lane that holds it. */
#ifndef TELLER_CORE_ROWS_H
#define TELLER_CORE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/command.h"
#include "common/money.h"
#include "common/outcome.h"
#include "common/record.h"
#include "common/step.h"

/* What makes a step unique within its lane, for ever. */
struct journal_key {
    struct uuid id;  /* of the command */
    uint16_t origin; /* lane of the client's record: two lanes may meet the same id */
    int32_t step;    /* enum step */
};

static inline bool journal_key_equal(const struct journal_key *a, const struct journal_key *b) {
    return a->step == b->step && a->origin == b->origin && uuid_equal(&a->id, &b->id);
}

#define LANE_OWNER_NONE ((struct uuid){.bytes = {0}})

/* The lane row: position, ownership and chain of one lane. */
struct lane_row {
    uint16_t lane;
    struct uuid owner;        /* random per process start */
    int64_t epoch;            /* moves with every take */
    int64_t next_offset;      /* first record that is not applied yet */
    int64_t published_offset; /* outputs of every record below are acknowledged by the broker */
    int64_t last_offset;      /* last record that was applied; -1: none yet */
    uint8_t last_fingerprint[RECORD_FINGERPRINT_LEN]; /* of that record */
    int64_t lane_time_ms;                             /* highest record timestamp so far */
    int32_t rules;                                    /* what a record leads to; now 1 */
    int64_t next_number;   /* the number that the next account or product gets; from 1 */
    uint8_t seal_head[32]; /* last seal of the chain */
    int64_t next_seal;     /* its number + 1; from 1 */
};

enum account_state { ACCOUNT_OPEN = 1, ACCOUNT_FROZEN = 2, ACCOUNT_CLOSED = 3 };

struct account {
    int64_t number; /* within the lane; from 1 */
    struct ident id;
    struct asset currency;
    int64_t balance;
    int64_t held;
    int64_t floor;
    int64_t ceiling;
    int64_t version; /* steps that changed this row; from 1 */
    enum account_state state;
    struct journal_key last; /* the journal row that made this version */
};

/* A hold ends once, and says how. */
enum hold_state { HOLD_OPEN = 1, HOLD_CAPTURED = 2, HOLD_RELEASED = 3, HOLD_EXPIRED = 4 };

/* Who may end a hold. Holds of sales are named by no client. */
enum hold_kind { HOLD_CLIENT = 1, HOLD_PURCHASE = 2, HOLD_SUBSCRIPTION = 3 };

#define HOLD_NEVER INT64_MAX

struct hold {
    struct uuid id; /* the command that made it */
    uint16_t origin;
    int64_t account_number;
    int64_t amount;
    int64_t expires_at_ms; /* HOLD_NEVER, or lane time */
    enum hold_state state;
    enum hold_kind kind;
};

/* The lane's own accounts, one per role and asset: the other side of every posting. The machine
 * never asks for their balances: it only adds to them. */
enum system_role {
    SYSTEM_NONE = 0,
    SYSTEM_WORLD = 1,    /* "@world": deposits come from it, withdrawals go to it */
    SYSTEM_TRANSIT = 2,  /* "@transit": money on its way to another lane */
    SYSTEM_SALES = 3,    /* "@sales": of products without a seller */
    SYSTEM_SUSPENSE = 4, /* "@suspense": money that could not be credited */
};

/* What the machine needs to know again of a journal row: the first answer, and what `reverse`
 * asks about. Rows read back from the database and rows of the open batch look the same. */
struct entry {
    struct journal_key key;
    int64_t log_offset;
    int type; /* enum command_type */
    enum outcome outcome;
    char detail[64];        /* "" for none */
    int64_t account_number; /* 0: the account was not known */
    int64_t amount;
    int64_t balance;
    int64_t held;
    int64_t version;
    int64_t at_ms;
    int64_t price; /* of one piece, where a product is concerned; 0: none */
    uint8_t hash[COMMAND_HASH_LEN];
    struct ident counter; /* the account on the other side; of an order's own step the product; len
                             0: none, or a system account */
};

/* One step, as it is appended to the journal. Pointers live as long as the batch.
 *
 * A row is in its account's history, and moved its version, if and only if it was applied and
 * either has a previous row or is of type account.open. */
struct journal_row {
    struct entry entry;
    int64_t held_delta;
    const struct ident *account;   /* text where entry.account_number is 0; else NULL */
    enum system_role counter_role; /* against whom: a system account, ... */
    int64_t counter_number;        /* ... or an account of this lane (0: none); the account on the
                                      other side of a multi-lane command is in entry.counter */
    const struct asset *asset;     /* where money moves without an account of ours; else NULL */
    struct slice source;           /* ce_source; at == NULL: none, or not fit to keep */
    struct slice memo;
    bool has_previous;
    struct journal_key previous; /* the account's previous row in its history */
};

/* A record that could not be understood, or an id with two payloads. First 4 KiB of its bytes. */
struct quarantine_row {
    int64_t log_offset;
    int64_t at_ms;
    enum outcome reason;
    const char *detail;
    bool has_id;
    struct uuid id;
    struct slice key;   /* cut to QUARANTINE_BYTES_MAX */
    struct slice value; /* likewise */
    int64_t key_len;    /* full length; -1: absent */
    int64_t value_len;
    uint8_t digest[32]; /* SHA-256 of the whole value */
};

#define QUARANTINE_BYTES_MAX 4096

#endif
