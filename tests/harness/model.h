/* The reference model: what a log of commands must lead to, in a few plain lines, one record after
 * another, with nothing of the lane machine in it. It reads JSON by jansson, keeps everything in
 * memory and knows neither batches nor crashes: whatever happened to the workers, the database must
 * look as if this had run.
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

/* The first answer to an id, which is the answer for ever. */
struct model_answer {
    struct uuid id;
    uint16_t lane;
    int64_t offset;
    enum outcome outcome;
    bool has_account; /* false: no such account */
    int64_t balance;
    int64_t version;
    bool is_seen;     /* for whoever ticks off */
};

/* What became of a record of the log. */
struct model_verdict {
    bool is_command;            /* false: an internal record, nobody is answered */
    enum outcome outcome;       /* quarantined or ID_CONFLICT where `answer` is NULL */
    struct model_answer *answer;
    bool is_duplicate;
    bool is_seen;
};

struct model;

struct model *model_new(uint16_t lanes);
void model_free(struct model *model);

/* The next record of its lane; `model` is void so that it fits topic_read. */
void model_apply(void *model, const rd_kafka_message_t *message);

/* NULL: there is none. */
const struct model_account *model_account(const struct model *model, const char *name);
struct model_answer *model_answer(const struct model *model, uint16_t lane, const struct uuid *id);
struct model_verdict *model_verdict(const struct model *model, uint16_t lane, int64_t offset);

size_t model_accounts(const struct model *model);
size_t model_answers(const struct model *model);
size_t model_quarantined(const struct model *model);

/* The first record of a lane that should have a result and was not ticked off; -1: none. */
int64_t model_unseen(const struct model *model, uint16_t lane);

#endif
