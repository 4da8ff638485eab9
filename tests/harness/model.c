#include "tests/harness/model.h"

#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/record.h"
#include "tests/harness/model_books.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/topics.h"

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    must(memory != NULL, "out of memory");
    return memory;
}

struct model *model_new(uint16_t lanes) {
    struct model *model = allocate(sizeof *model);
    model->lanes = allocate(lanes * sizeof *model->lanes);
    model->lanes_count = lanes;
    return model;
}

void model_free(struct model *model) {
    struct book_account *account = NULL;
    struct book_account *next_account = NULL;
    HASH_ITER(hh, model->accounts, account, next_account) {
        HASH_DEL(model->accounts, account);
        free(account);
    }
    struct book_entry *entry = NULL;
    struct book_entry *next_entry = NULL;
    HASH_ITER(hh, model->entries, entry, next_entry) {
        HASH_DEL(model->entries, entry);
        free(entry);
    }
    for (uint16_t lane = 0; lane < model->lanes_count; lane++) {
        free(model->lanes[lane].verdicts);
    }
    free(model->lanes);
    free(model);
}

static struct book_key key_of(uint16_t lane, const struct uuid *id) {
    struct book_key key = {{(uint8_t)(lane >> 8), (uint8_t)lane}};
    memcpy(key.bytes + 2, id->bytes, sizeof id->bytes);
    return key;
}

struct book_entry *books_entry(const struct model *model, uint16_t lane, const struct uuid *id) {
    struct book_key key = key_of(lane, id);
    struct book_entry *entry = NULL;
    HASH_FIND(hh, model->entries, &key, sizeof key, entry);
    return entry;
}

struct book_account *books_account(const struct model *model, const char *name) {
    struct book_account *account = NULL;
    HASH_FIND_STR(model->accounts, name, account);
    return account;
}

struct book_account *books_open(struct model *model, const char *name) {
    struct book_account *account = allocate(sizeof *account);
    must(ident_parse(name, strlen(name), &account->shown.name), "%s is no name", name);
    HASH_ADD_STR(model->accounts, shown.name.text, account);
    return account;
}

/* Two commands are the same if all their fields are, the client's time aside. */
static void hash_payload(json_t *command, uint8_t payload[16]) {
    uint8_t digest[DIGEST_SHA256_LEN];
    json_object_del(command, "at");
    char *text = json_dumps(command, JSON_COMPACT | JSON_SORT_KEYS);
    must(text != NULL, "out of memory");
    digest_sha256(text, strlen(text), digest);
    memcpy(payload, digest, 16);
    free(text);
}

static struct model_verdict *next_verdict(struct model *model, const rd_kafka_message_t *message) {
    must(message->partition < model->lanes_count, "no lane %d", (int)message->partition);
    struct model_lane *lane = &model->lanes[message->partition];
    must(message->offset >= lane->count, "offsets go back");
    if (message->offset >= lane->room) {
        int64_t room = 2 * message->offset + 1024;
        lane->verdicts = realloc(lane->verdicts, (size_t)room * sizeof *lane->verdicts);
        must(lane->verdicts != NULL, "out of memory");
        lane->room = room;
    }
    /* Gaps in the log answer nobody. */
    for (; lane->count <= message->offset; lane->count++) {
        lane->verdicts[lane->count] = (struct model_verdict){.is_command = false};
    }
    return &lane->verdicts[message->offset];
}

static struct book_entry *new_entry(struct model *model, uint16_t lane, const struct uuid *id,
                                    int64_t offset, const uint8_t payload[16]) {
    struct book_entry *entry = allocate(sizeof *entry);
    entry->shown = (struct model_answer){.id = *id, .lane = lane, .offset = offset};
    entry->key = key_of(lane, id);
    memcpy(entry->payload, payload, sizeof entry->payload);
    HASH_ADD(hh, model->entries, key, sizeof entry->key, entry);
    return entry;
}

static void judge(struct model *model, const rd_kafka_message_t *message, json_t *command,
                  struct model_verdict *verdict) {
    uint16_t lane = (uint16_t)message->partition;
    struct uuid id;
    const char *id_text = json_string_value(json_object_get(command, "id"));
    must(id_text != NULL && uuid_parse(id_text, strlen(id_text), &id),
         "a record without id is not said to be poison");
    uint8_t payload[16];
    hash_payload(command, payload);
    struct book_entry *entry = books_entry(model, lane, &id);
    verdict->is_duplicate = entry != NULL;
    if (entry == NULL) {
        entry = new_entry(model, lane, &id, message->offset, payload);
        rules_run(model, entry, command);
    } else if (memcmp(entry->payload, payload, sizeof payload) != 0) {
        *verdict = (struct model_verdict){.is_command = true, .outcome = OUTCOME_ID_CONFLICT};
        model->quarantined++;
        return;
    }
    verdict->answer = &entry->shown;
    verdict->outcome = entry->shown.outcome;
}

void model_apply(void *context, const rd_kafka_message_t *message) {
    struct model *model = context;
    struct model_verdict *verdict = next_verdict(model, message);
    const char *expect = topic_header(message, SENDER_EXPECT);
    if (expect == NULL && topic_header(message, RECORD_HEADER_LEG) != NULL) {
        return;
    }
    verdict->is_command = true;
    if (expect != NULL) {
        must(outcome_parse(expect, strlen(expect), &verdict->outcome), "no outcome %s", expect);
        model->quarantined++;
        return;
    }
    json_error_t error;
    json_t *command = json_loadb(message->payload, message->len, 0, &error);
    must(command != NULL, "lane %d offset %lld: %s", (int)message->partition,
         (long long)message->offset, error.text);
    judge(model, message, command, verdict);
    json_decref(command);
}

const struct model_account *model_account(const struct model *model, const char *name) {
    const struct book_account *account = books_account(model, name);
    return account != NULL ? &account->shown : NULL;
}

struct model_answer *model_answer(const struct model *model, uint16_t lane, const struct uuid *id) {
    struct book_entry *entry = books_entry(model, lane, id);
    return entry != NULL ? &entry->shown : NULL;
}

struct model_verdict *model_verdict(const struct model *model, uint16_t lane, int64_t offset) {
    must(lane < model->lanes_count, "no lane %d", (int)lane);
    if (offset < 0 || offset >= model->lanes[lane].count) {
        return NULL;
    }
    return &model->lanes[lane].verdicts[offset];
}

size_t model_accounts(const struct model *model) {
    return HASH_COUNT(model->accounts);
}

size_t model_answers(const struct model *model) {
    return HASH_COUNT(model->entries);
}

size_t model_quarantined(const struct model *model) {
    return model->quarantined;
}

int64_t model_unseen(const struct model *model, uint16_t lane) {
    const struct model_lane *verdicts = &model->lanes[lane];
    for (int64_t offset = 0; offset < verdicts->count; offset++) {
        const struct model_verdict *verdict = &verdicts->verdicts[offset];
        bool is_answered = verdict->outcome != OUTCOME_FORGED_LEG; /* it came from no client */
        if (verdict->is_command && is_answered && !verdict->is_seen) {
            return offset;
        }
    }
    return -1;
}
