#include "tests/fakes/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "consumer/core/trace.h"
#include "tests/fakes/memory_store.h"

#define RECORDS_MAX 256
#define TEXT_MAX 1024

struct logged {
    struct record record;
    char key[80];
    char value[TEXT_MAX];
    uint8_t envelope[LEG_ENVELOPE_LEN];
};

struct world {
    struct leg_secrets secrets;
    struct lane *lane;
    struct memory_store store;
    struct logged log[RECORDS_MAX];
    size_t log_count;
    int64_t offered; /* next offset to offer */
};

struct world *world_new(void) {
    static const struct lane_limits limits = {64, 600, 2300, 700, 256};
    struct world *world = calloc(1, sizeof *world);
    CHECK(world != NULL);
    world->secrets.count = 1;
    world->secrets.items[0].key_id = 1;
    memset(world->secrets.items[0].bytes, 7, LEG_SECRET_LEN);
    world->lane = lane_new(&limits, 0, 1, &world->secrets);
    CHECK(world->lane != NULL);
    memory_store_init(&world->store, 0);
    return world;
}

void world_free(struct world *world) {
    lane_free(world->lane);
    memory_store_close(&world->store);
    free(world);
}

/* $12 stands for the version 7 id 00000000-0001-7000-8000-000000000012. */
static void expand(const char *json, char out[TEXT_MAX]) {
    size_t len = 0;
    while (*json != '\0') {
        if (*json != '$') {
            CHECK(len + 1 < TEXT_MAX);
            out[len++] = *json++;
            continue;
        }
        char *end;
        unsigned long number = strtoul(json + 1, &end, 10);
        len +=
            (size_t)snprintf(out + len, TEXT_MAX - len, "00000000-0001-7000-8000-%012lu", number);
        json = end;
    }
    out[len] = '\0';
}

static struct logged *append(struct world *world, int64_t at_ms, const char *key,
                             const char *value) {
    CHECK(world->log_count < RECORDS_MAX);
    struct logged *logged = &world->log[world->log_count];
    snprintf(logged->key, sizeof logged->key, "%s", key);
    snprintf(logged->value, sizeof logged->value, "%s", value);
    logged->record = (struct record){
        .offset = (int64_t)world->log_count++,
        .timestamp_ms = at_ms,
        .log_append_time = true,
        .key = {(const uint8_t *)logged->key, strlen(logged->key)},
        .value = {(const uint8_t *)logged->value, strlen(logged->value)},
    };
    return logged;
}

static void append_leg(struct world *world, int64_t at_ms, bool good) {
    struct leg leg = {.kind = LEG_TICK, .step = STEP_TICK};
    struct logged *logged = append(world, at_ms, "", "{}");
    leg_seal(&leg, &world->secrets, 0, logged->record.key, logged->record.value, logged->envelope);
    if (!good)
        logged->envelope[5] ^= 1;
    logged->record.leg = (struct slice){logged->envelope, LEG_ENVELOPE_LEN};
}

static void begin(struct world *world, struct strbuf *story) {
    static const struct uuid owner = {.bytes = {1}};
    const struct lane_row *row = memory_store_take(&world->store, &owner);
    bool runs = lane_begin(world->lane, row, 0, (int64_t)world->log_count);
    strbuf_printf(story, "epoch %lld, reads from @%lld%s\n", (long long)row->epoch,
                  (long long)lane_read_from(world->lane), runs ? "" : ", stopped");
    if (!runs)
        return;
    memory_store_start(&world->store, world->lane);
    world->offered = lane_read_from(world->lane);
}

static void load(struct world *world, struct strbuf *story) {
    trace_wants(lane_wants(world->lane), story);
    memory_store_load(&world->store, world->lane);
}

static void offer_all(struct world *world) {
    while (world->offered < (int64_t)world->log_count) {
        if (lane_offer(world->lane, &world->log[world->offered].record) == LANE_STOPPED)
            return;
        world->offered++;
    }
}

static void run(struct world *world, struct strbuf *story) {
    offer_all(world);
    while (lane_prepare(world->lane))
        load(world, story);
    while (lane_apply(world->lane) == LANE_MISSING)
        load(world, story);
    trace_batch(world->lane, story);
}

static void commit(struct world *world, struct strbuf *story) {
    if (!memory_store_commit(&world->store, lane_batch(world->lane))) {
        strbuf_add_text(story, "fenced\n");
        return;
    }
    lane_committed(world->lane);
    enum lane_stop stop = lane_stopped(world->lane);
    if (stop != LANE_RUNNING)
        strbuf_printf(story, "stopped: %s (%s)\n", lane_stop_word(stop),
                      lane_stop_detail(world->lane));
}

void world_do(struct world *world, const char *line, struct strbuf *story) {
    char key[80];
    char value[TEXT_MAX];
    long long at_ms;
    int used = 0;
    if (sscanf(line, "at %lld %79s %n", &at_ms, key, &used) == 2) {
        expand(line + used, value);
        append(world, at_ms, key, value);
    } else if (sscanf(line, "tick %lld", &at_ms) == 1) {
        append_leg(world, at_ms, true);
    } else if (sscanf(line, "forged %lld", &at_ms) == 1) {
        append_leg(world, at_ms, false);
    } else if (strcmp(line, "take") == 0 || strcmp(line, "fail") == 0) {
        begin(world, story);
    } else if (strcmp(line, "run") == 0) {
        run(world, story);
    } else if (strcmp(line, "commit") == 0) {
        commit(world, story);
    } else if (strcmp(line, "steal") == 0) {
        memory_store_take(&world->store, &(struct uuid){.bytes = {2}});
    } else {
        CHECK(!"a known script line");
    }
}
