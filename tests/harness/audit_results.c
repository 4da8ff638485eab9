#include "tests/harness/audit_results.h"

#include <string.h>

#include <jansson.h>

#include "tests/harness/must.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

static const char *word_of(const json_t *result) {
    const char *reason = json_string_value(json_object_get(result, "reason"));
    const char *state = json_string_value(json_object_get(result, "state"));
    return reason != NULL ? reason : state != NULL ? state : "nothing";
}

static void check_balance(const json_t *result, const struct model_answer *answer,
                          const char *text) {
    const json_t *balance = json_object_get(result, "balance");
    bool has_balance = answer->has_account && !answer->is_on_product;
    must((balance != NULL) == has_balance, "%s: balance given or not", text);
    must(balance == NULL ||
             (json_integer_value(balance) == answer->balance &&
              json_integer_value(json_object_get(result, "version")) == answer->version),
         "%s: the model has balance %lld, version %lld", text, (long long)answer->balance,
         (long long)answer->version);
}

/* A command that went on in other lanes may have been answered before it ended; what it left on the
 * account is not said where it ended elsewhere. */
static void check_answer(const json_t *result, const struct model_verdict *verdict,
                         const char *text) {
    const struct model_answer *answer = verdict->answer;
    const char *word = outcome_word(answer->outcome);
    bool is_pending = answer->is_under_way && !verdict->is_leg &&
                      strcmp(word_of(result), outcome_word(OUTCOME_PENDING)) == 0;
    must(is_pending || strcmp(word_of(result), word) == 0, "%s; the model: %s", text, word);
    must(json_is_true(json_object_get(result, "duplicate")) == verdict->is_duplicate,
         "%s: the model says duplicate: %d", text, verdict->is_duplicate);
    if (!answer->is_under_way) {
        check_balance(result, answer, text);
    }
}

static void check_result(void *context, const rd_kafka_message_t *message) {
    struct model *model = context;
    char text[512];
    size_t len = message->len < sizeof text - 1 ? message->len : sizeof text - 1;
    memcpy(text, message->payload, len);
    text[len] = '\0';
    json_t *result = json_loadb(message->payload, message->len, 0, NULL);
    must(result != NULL, "a result is no JSON: %s", text);
    json_int_t lane = json_integer_value(json_object_get(result, "lane"));
    json_int_t offset = json_integer_value(json_object_get(result, "offset"));
    struct model_verdict *verdict = model_verdict(model, (uint16_t)lane, offset);
    must(verdict != NULL && verdict->is_command, "answers nothing that was sent: %s", text);
    if (verdict->answer != NULL) {
        check_answer(result, verdict, text);
    } else {
        must(strcmp(word_of(result), outcome_word(verdict->outcome)) == 0, "%s; the model: %s",
             text, outcome_word(verdict->outcome));
    }
    verdict->is_seen = true;
    json_decref(result);
}

struct scan {
    const struct ledger *ledger;
    struct model *model;
    uint16_t lane; /* of a record without an answer */
    int64_t offset;
};

static bool are_all_answered(void *context) {
    struct scan *scan = context;
    topic_read(scan->ledger->sandbox.brokers, scan->ledger->results, check_result, scan->model);
    for (uint16_t lane = 0; lane < scan->ledger->partitions; lane++) {
        scan->lane = lane;
        scan->offset = model_unseen(scan->model, lane);
        if (scan->offset >= 0) {
            return false;
        }
    }
    return true;
}

void audit_results(const struct ledger *ledger, struct model *model, int64_t timeout_ms) {
    struct scan scan = {.ledger = ledger, .model = model};
    must(wait_until(are_all_answered, &scan, timeout_ms), "nobody has answered lane %d offset %lld",
         (int)scan.lane, (long long)scan.offset);
}
