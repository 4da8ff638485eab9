#include "tests/fakes/solo.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"

void solo_open(struct solo *solo, const struct lane_limits *limits, uint16_t number,
               uint16_t lanes) {
    static const struct uuid owner = {.bytes = {1}};
    *solo = (struct solo){.number = number, .secrets = {.items = {{.key_id = 1}}, .count = 1}};
    memory_store_init(&solo->store, number);
    solo->lane = lane_new(limits, number, lanes, &solo->secrets);
    CHECK(solo->lane != NULL);
    CHECK(lane_begin(solo->lane, memory_store_take(&solo->store, &owner), 0, INT64_MAX));
    memory_store_start(&solo->store, solo->lane);
}

void solo_close(struct solo *solo) {
    for (size_t i = 0; i < solo->log_count; i++) {
        free(solo->log[i]);
    }
    free(solo->log);
    lane_free(solo->lane);
    memory_store_close(&solo->store);
}

struct lane_limits solo_least(uint32_t records) {
    return (struct lane_limits){
        .records = records,
        .accounts = 3 * records + 64 > WANTS_DUE_MAX ? 3 * records + 64 : WANTS_DUE_MAX,
        .holds = 18 * 64 + WANTS_DUE_MAX + records,
        .sales = WANTS_CHUNK_MAX + records + WANTS_PER_RECORD,
        .keys = 2 * records,
    };
}

static struct solo_record *append(struct solo *solo, const char *key) {
    struct solo_record *one = calloc(1, sizeof *one);
    solo->log = realloc(solo->log, (solo->log_count + 1) * sizeof(struct solo_record *));
    CHECK(one != NULL && solo->log != NULL);
    snprintf(one->key, sizeof one->key, "%s", key);
    one->record = (struct record){
        .offset = (int64_t)solo->log_count,
        .timestamp_ms = solo->now_ms,
        .log_append_time = true,
        .key = {(const uint8_t *)one->key, strlen(one->key)},
    };
    solo->log[solo->log_count++] = one;
    return one;
}

static void set_value(struct solo_record *one, const char *text, size_t len) {
    CHECK(len < sizeof one->value);
    memcpy(one->value, text, len);
    one->record.value = (struct slice){(const uint8_t *)one->value, len};
}

void solo_command(struct solo *solo, const char *key, const char *json, ...) {
    char text[SOLO_TEXT_MAX];
    va_list list;
    va_start(list, json);
    int len = vsnprintf(text, sizeof text, json, list);
    va_end(list);
    CHECK(len > 0 && (size_t)len < sizeof text);
    for (int i = 0; i < len; i++) {
        text[i] = text[i] == '\'' ? '"' : text[i];
    }
    set_value(append(solo, key), text, (size_t)len);
}

void solo_leg(struct solo *solo, const struct leg *leg, const struct leg_body *body) {
    struct strbuf text = STRBUF_INIT;
    struct leg sealed = *leg;
    struct solo_record *one = append(solo, body == NULL ? "" : body->target.text);
    strbuf_add_text(&text, "");
    if (body != NULL) {
        leg_body_encode(body, &text);
    }
    set_value(one, text.text, text.len);
    strbuf_close(&text);
    leg_seal(&sealed, &solo->secrets, solo->number, one->record.key, one->record.value,
             one->envelope);
    one->record.leg = (struct slice){one->envelope, sizeof one->envelope};
}

const struct batch *solo_apply(struct solo *solo) {
    while (solo->next < (int64_t)solo->log_count) {
        enum lane_offer offer = lane_offer(solo->lane, &solo->log[solo->next]->record);
        CHECK(offer != LANE_STOPPED && offer != LANE_DROPPED);
        if (offer == LANE_FULL) {
            break;
        }
        solo->next++;
    }
    while (lane_apply(solo->lane) == LANE_MISSING) {
        memory_store_load(&solo->store, solo->lane);
    }
    return lane_batch(solo->lane);
}

void solo_commit(struct solo *solo) {
    const struct batch *batch = lane_batch(solo->lane);
    CHECK(memory_store_commit(&solo->store, batch));
    for (size_t i = 0; i < batch->outputs_count; i++) {
        const struct output *output = &batch->outputs[i];
        if (output->kind == OUTPUT_LEG && output->leg->partition == solo->number) {
            solo_leg(solo, &output->leg->leg, &output->leg->body);
        }
    }
    lane_committed(solo->lane);
}

int solo_run(struct solo *solo) {
    int batches = 0;
    while (solo->store.row.next_offset < (int64_t)solo->log_count) {
        CHECK(solo_apply(solo)->records_count > 0);
        solo_commit(solo);
        batches++;
    }
    return batches;
}
