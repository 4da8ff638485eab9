/* The reference model: what a log of commands must lead to, in a few plain lines, one record after
 * another, with nothing of the lane machine in it. It reads JSON by jansson, keeps everything in
 * memory and knows neither batches nor crashes: whatever happened to the workers, the database must
 * look as if this had run.
 *
 * Each lane is carried out in the order of its log. What a lane must tell another, the model works
 * out itself: a leg in the log has to be one of those, say the same, and counts once. Only when it
 * is read does it take effect, so a lane that has read one waits for the lane that sends it.
 *
 * It does not know expiry (holds with expires_in_s), which depends on lane time. */
#ifndef TELLER_TESTS_HARNESS_MODEL_H
#define TELLER_TESTS_HARNESS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/ident.h"
#include "common/outcome.h"
#include "common/uuid.h"

enum model_state { MODEL_OPEN, MODEL_FROZEN, MODEL_CLOSED };

struct model_account {
    struct ident name;
    char currency[ASSET_MAX + 1];
    int64_t balance;
    int64_t held;
    int64_t floor;
    int64_t ceiling;
    int64_t version;
    enum model_state state;
};

struct model_product {
    struct ident name;
    int64_t price;
    int64_t stock;
    int64_t sold;
    int64_t version;
    bool is_subscription;
    bool is_finalized;
};

/* The first answer to an id, which is the answer for ever; of a command that goes on in other lanes
 * the last one. */
struct model_answer {
    struct uuid id;
    uint16_t lane;
    int64_t offset;
    enum outcome outcome;
    bool has_account;   /* false: no such account, or it ended in another lane */
    bool is_on_product; /* its balance is the stock */
    bool is_under_way;  /* it was pending: it may have been answered so, too */
    int64_t balance;
    int64_t version;
    bool is_seen; /* for whoever ticks off */
};

/* What became of a record of the log. */
struct model_verdict {
    bool is_command;      /* false: an internal record, nobody is answered */
    bool is_leg;          /* where is_command too: it ended a command */
    enum outcome outcome; /* quarantined or ID_CONFLICT where `answer` is NULL */
    struct model_answer *answer;
    bool is_duplicate;
    bool is_seen;
};

struct model;

struct model *model_new(uint16_t lanes);
void model_free(struct model *model);

/* Takes in the next record of its lane; `model` is void so that it fits topic_read. */
void model_read(void *model, const rd_kafka_message_t *message);

/* Carries out what was read. False: a lane waits for a leg that is not in the log (yet), or has
 * read one that nobody has sent (yet); both are in order while the log is being written. */
bool model_run(struct model *model);

/* NULL: there is none. */
const struct model_account *model_account(const struct model *model, const char *name);
struct model_answer *model_answer(const struct model *model, uint16_t lane, const struct uuid *id);
struct model_verdict *model_verdict(const struct model *model, uint16_t lane, int64_t offset);

/* NULL: there is none. */
const struct model_product *model_product(const struct model *model, const char *name);

/* In all lanes together, in minor units whatever the asset. */
int64_t model_suspense(const struct model *model);
int64_t model_sales(const struct model *model);

size_t model_products(const struct model *model);
size_t model_accounts(const struct model *model);
size_t model_answers(const struct model *model);
size_t model_quarantined(const struct model *model);

/* The first record of a lane that should have a result and was not ticked off; -1: none. */
int64_t model_unseen(const struct model *model, uint16_t lane);

#endif
