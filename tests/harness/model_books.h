/* What the reference model remembers, and the rules that change it. Inside the model only. */
#ifndef TELLER_TESTS_HARNESS_MODEL_BOOKS_H
#define TELLER_TESTS_HARNESS_MODEL_BOOKS_H
#include <jansson.h>
/* The default, Jenkins' hash, falls through its cases without saying so, which clang refuses. */
#define HASH_FUNCTION HASH_OAT
#include <uthash.h>

#include "common/leg_body.h"
#include "consumer/core/leg.h"
#include "tests/harness/model.h"

struct book_account {
    struct model_account shown; /* first: handed out */
    UT_hash_handle hh;          /* by shown.name.text */
};

enum book_hold { BOOK_NO_HOLD, BOOK_HOLD_OPEN, BOOK_HOLD_SETTLED };

struct book_key {
    uint8_t bytes[18]; /* lane, id */
};

/* A command id as its lane met it first. */
struct book_entry {
    struct model_answer shown; /* first: handed out */
    struct book_key key;
    uint8_t payload[16]; /* tells a repetition from a conflict */
    struct book_account *account;
    int64_t change;  /* of the balance, by its own step */
    struct ident to; /* where a pending change goes */
    enum book_hold hold;
    bool is_sale;      /* the hold is a sale's: clients cannot name it */
    int64_t held;      /* by the hold that this command made */
    UT_hash_handle hh; /* by key */
};

/* A step on an account, as a reverse looks for it. */
struct book_row {
    const struct book_account *account;
    enum outcome outcome;
    bool is_reversible;
    bool is_reversed;
    int64_t change;
    struct ident sender; /* of a transfer that came in; len 0: a deposit or withdrawal */
    struct book_row *next;
};

struct book_rows {
    struct book_key key;
    struct book_row *first;
    UT_hash_handle hh;
};

enum book_subscription_state { BOOK_SUBSCRIBED, BOOK_CANCELLED, BOOK_ALLOTTED };

struct book_subscription {
    struct uuid id;
    uint16_t origin;
    int64_t number; /* from 1 */
    struct ident account;
    int64_t quantity;
    int64_t price;
    enum book_subscription_state state;
    struct book_subscription *next;
};

struct book_buyer {
    struct ident name;
    int64_t quantity;
    UT_hash_handle hh;
};

struct book_product {
    struct model_product shown; /* first: handed out */
    char currency[ASSET_MAX + 1];
    struct ident seller; /* len 0: the lane's @sales */
    int64_t cap;
    int64_t cap_per_account;
    int64_t subscribed;
    int64_t allotted; /* units that the subscribers get together */
    struct book_subscription *first;
    struct book_subscription *last;
    struct book_buyer *buyers;
    UT_hash_handle hh; /* by shown.name.text */
};

/* What one lane must tell another, or itself. */
struct book_leg {
    uint8_t key[22]; /* id, origin, step */
    enum leg_kind kind;
    uint16_t origin;
    int32_t step;
    struct leg_body body;
    bool is_taken;
    UT_hash_handle hh;
};

/* A record of the log, as read. */
struct book_record {
    int64_t offset;
    json_t *json; /* NULL: poison */
    enum outcome poison;
    bool is_tick;
    bool is_leg;
    struct book_leg leg; /* if so */
    struct book_record *next;
};

struct model_lane {
    struct model_verdict *verdicts; /* by offset */
    int64_t count;
    int64_t room;
    struct book_record *waiting; /* read, and not carried out */
    struct book_record *last;
};

struct model {
    struct book_account *accounts;
    struct book_entry *entries;
    struct book_rows *rows;
    struct book_product *products;
    struct book_leg *legs;
    struct model_lane *lanes;
    uint16_t lanes_count;
    size_t quarantined;
    int64_t sales;                 /* of goods that have no seller */
    int64_t suspense;              /* what nobody could be credited with */
    uint16_t lane;                 /* where the record lies that is being carried out */
    struct model_verdict *verdict; /* on it */
};

/* Zeroed, and never NULL. */
void *books_new(size_t size);

uint16_t books_lane_of(const struct model *model, const char *name);
struct book_entry *books_entry(const struct model *model, uint16_t lane, const struct uuid *id);
struct book_entry *books_add_entry(struct model *model, uint16_t lane, const struct uuid *id);
struct book_account *books_account(const struct model *model, const char *name);
struct book_account *books_open(struct model *model, const char *name);
struct book_product *books_product(const struct model *model, const char *name);
struct book_product *books_add_product(struct model *model, const char *name);
struct book_row *books_rows(const struct model *model, uint16_t lane, const struct uuid *id);
/* Keeps a copy of the row. */
void books_note(struct model *model, const struct uuid *id, const struct book_row *row);
struct book_leg *books_leg(const struct model *model, const struct book_leg *like);
void books_add_leg(struct model *model, const struct book_leg *leg);
void books_close(struct model *model);

#endif
