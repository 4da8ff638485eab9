#include "tests/harness/model.h"

#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/record.h"
#include "tests/harness/model_books.h"
#include "tests/harness/model_steps.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/topics.h"

/* Where they stand in the envelope: consumer/core/leg.h. */
#define KIND_AT 37
#define ORIGIN_AT 38
#define STEP_AT 40

struct model *model_new(uint16_t lanes) {
    struct model *model = books_new(sizeof *model);
    model->lanes = books_new(lanes * sizeof *model->lanes);
    model->lanes_count = lanes;
    return model;
}

void model_free(struct model *model) {
    books_close(model);
    free(model->lanes);
    free(model);
}

/* ---- reading ---- */

static void read_leg(const rd_kafka_message_t *message, const uint8_t *envelope,
                     struct book_record *record) {
    struct book_leg *leg = &record->leg;
    struct slice value = {message->payload, message->len};
    leg->kind = (enum leg_kind)envelope[KIND_AT];
    leg->origin = (uint16_t)(envelope[ORIGIN_AT] << 8 | envelope[ORIGIN_AT + 1]);
    for (int i = 0; i < 4; i++) {
        leg->step = (int32_t)((uint32_t)leg->step << 8 | envelope[STEP_AT + i]);
    }
    record->is_leg = true;
    record->is_tick = leg->kind == LEG_TICK;
    must(record->is_tick || leg_body_decode(value, &leg->body), "lane %d offset %lld: no leg",
         (int)message->partition, (long long)message->offset);
}

static void read_record(const rd_kafka_message_t *message, struct book_record *record) {
    const char *expect = topic_header(message, SENDER_EXPECT);
    const char *envelope = topic_header(message, RECORD_HEADER_LEG);
    json_error_t error;
    record->offset = message->offset;
    if (expect != NULL) {
        must(outcome_parse(expect, strlen(expect), &record->poison), "no outcome %s", expect);
    } else if (envelope != NULL) {
        read_leg(message, (const uint8_t *)envelope, record);
    } else {
        record->json = json_loadb(message->payload, message->len, 0, &error);
        must(record->json != NULL, "lane %d offset %lld: %s", (int)message->partition,
             (long long)message->offset, error.text);
    }
}

void model_read(void *context, const rd_kafka_message_t *message) {
    struct model *model = context;
    must(message->partition < model->lanes_count, "no lane %d", (int)message->partition);
    struct model_lane *lane = &model->lanes[message->partition];
    struct book_record *record = books_new(sizeof *record);
    read_record(message, record);
    if (lane->waiting == NULL) {
        lane->waiting = record;
    } else {
        lane->last->next = record;
    }
    lane->last = record;
}

/* ---- carrying out ---- */

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

static struct model_verdict *next_verdict(struct model_lane *lane, int64_t offset) {
    must(offset >= lane->count, "offsets go back");
    if (offset >= lane->room) {
        int64_t room = 2 * offset + 1024;
        lane->verdicts = realloc(lane->verdicts, (size_t)room * sizeof *lane->verdicts);
        must(lane->verdicts != NULL, "out of memory");
        lane->room = room;
    }
    /* Gaps in the log answer nobody. */
    for (; lane->count <= offset; lane->count++) {
        lane->verdicts[lane->count] = (struct model_verdict){.is_command = false};
    }
    return &lane->verdicts[offset];
}

static void judge(struct model *model, int64_t offset, json_t *command,
                  struct model_verdict *verdict) {
    struct uuid id = field_id(command, "id");
    uint8_t payload[16];
    hash_payload(command, payload);
    struct book_entry *entry = books_entry(model, model->lane, &id);
    verdict->is_duplicate = entry != NULL;
    if (entry == NULL) {
        entry = books_add_entry(model, model->lane, &id);
        entry->shown = (struct model_answer){.id = id, .lane = model->lane, .offset = offset};
        memcpy(entry->payload, payload, sizeof entry->payload);
        rules_run(model, entry, command);
    } else if (memcmp(entry->payload, payload, sizeof payload) != 0) {
        *verdict = (struct model_verdict){.is_command = true, .outcome = OUTCOME_ID_CONFLICT};
        model->quarantined++;
        return;
    }
    verdict->answer = &entry->shown;
}

/* A leg that comes again does nothing. */
static void take_leg(struct model *model, const struct book_record *record) {
    struct book_leg *expected = books_leg(model, &record->leg);
    must(model_saga_same(expected, &record->leg) &&
             books_lane_of(model, expected->body.target.text) == model->lane,
         "lane %d offset %lld: another leg than the model's", (int)model->lane,
         (long long)record->offset);
    if (!expected->is_taken) {
        expected->is_taken = true;
        model_saga_take(model, expected);
    }
}

static void run_record(struct model *model, struct book_record *record) {
    struct model_verdict *verdict = next_verdict(&model->lanes[model->lane], record->offset);
    model->verdict = verdict;
    verdict->is_leg = record->is_leg;
    verdict->is_command = !record->is_leg;
    if (record->json != NULL) {
        judge(model, record->offset, record->json, verdict);
    } else if (record->is_leg) {
        if (!record->is_tick) {
            take_leg(model, record);
        }
    } else {
        verdict->outcome = record->poison;
        model->quarantined++;
    }
}

static bool may_run(const struct model *model, const struct book_record *record) {
    return record != NULL &&
           (!record->is_leg || record->is_tick || books_leg(model, &record->leg) != NULL);
}

/* As far as the lane comes without the others. */
static bool run_lane(struct model *model, uint16_t number) {
    struct model_lane *lane = &model->lanes[number];
    bool has_run = false;
    model->lane = number;
    while (may_run(model, lane->waiting)) {
        struct book_record *record = lane->waiting;
        run_record(model, record);
        lane->waiting = record->next;
        json_decref(record->json);
        free(record);
        has_run = true;
    }
    return has_run;
}

bool model_run(struct model *model) {
    bool goes_on = true;
    while (goes_on) {
        goes_on = false;
        for (uint16_t lane = 0; lane < model->lanes_count; lane++) {
            goes_on |= run_lane(model, lane);
        }
    }
    bool is_complete = true;
    for (uint16_t lane = 0; lane < model->lanes_count; lane++) {
        is_complete &= model->lanes[lane].waiting == NULL;
    }
    for (const struct book_leg *leg = model->legs; leg != NULL; leg = leg->hh.next) {
        is_complete &= leg->is_taken;
    }
    return is_complete;
}

/* ---- what came out ---- */

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

const struct model_product *model_product(const struct model *model, const char *name) {
    const struct book_product *product = books_product(model, name);
    return product != NULL ? &product->shown : NULL;
}

int64_t model_suspense(const struct model *model) {
    return model->suspense;
}

int64_t model_sales(const struct model *model) {
    return model->sales;
}

size_t model_products(const struct model *model) {
    return HASH_COUNT(model->products);
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
