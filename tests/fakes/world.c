#include "tests/fakes/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/partition.h"
#include "consumer/core/trace.h"
#include "tests/fakes/memory_store.h"

#define LANES_MAX 4
#define RECORDS_MAX 256
#define TEXT_MAX 1024

struct logged {
    struct record record;
    char key[80];
    char value[TEXT_MAX];
    uint8_t envelope[LEG_ENVELOPE_LEN];
};

/* One lane with its log and its share of the database. */
struct place {
    struct lane *lane;
    struct memory_store store;
    struct logged log[RECORDS_MAX];
    size_t log_count;
    int64_t offered; /* next offset to offer */
};

struct world {
    struct leg_secrets secrets;
    struct place places[LANES_MAX];
    uint16_t lanes;
    int64_t now_ms; /* of the last record */
};

static void make_places(struct world *world, uint16_t lanes) {
    static const struct lane_limits limits = {64, 600, 2300, 700, 256, 0};
    for (uint16_t i = 0; i < lanes; i++) {
        struct place *place = &world->places[i];
        place->lane = lane_new(&limits, i, lanes, &world->secrets);
        CHECK(place->lane != NULL);
        memory_store_init(&place->store, i);
        place->log_count = 0;
        place->offered = 0;
    }
    world->lanes = lanes;
}

static void drop_places(struct world *world) {
    for (uint16_t i = 0; i < world->lanes; i++) {
        lane_free(world->places[i].lane);
        memory_store_close(&world->places[i].store);
    }
}

struct world *world_new(void) {
    struct world *world = calloc(1, sizeof *world);
    CHECK(world != NULL);
    world->secrets.count = 1;
    world->secrets.items[0].key_id = 1;
    memset(world->secrets.items[0].bytes, 7, LEG_SECRET_LEN);
    make_places(world, 1);
    return world;
}

void world_free(struct world *world) {
    drop_places(world);
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

static struct logged *append(struct world *world, uint16_t lane, const char *key,
                             const char *value) {
    struct place *place = &world->places[lane];
    CHECK(place->log_count < RECORDS_MAX);
    struct logged *logged = &place->log[place->log_count];
    snprintf(logged->key, sizeof logged->key, "%s", key);
    snprintf(logged->value, sizeof logged->value, "%s", value);
    logged->record = (struct record){
        .offset = (int64_t)place->log_count++,
        .timestamp_ms = world->now_ms,
        .log_append_time = true,
        .key = {(const uint8_t *)logged->key, strlen(logged->key)},
        .value = {(const uint8_t *)logged->value, strlen(logged->value)},
    };
    return logged;
}

static void append_leg(struct world *world, uint16_t lane, struct leg leg, const char *key,
                       const char *value) {
    struct logged *logged = append(world, lane, key, value);
    leg_seal(&leg, &world->secrets, lane, logged->record.key, logged->record.value,
             logged->envelope);
    logged->record.leg = (struct slice){logged->envelope, LEG_ENVELOPE_LEN};
}

static void append_tick(struct world *world, bool good) {
    append_leg(world, 0, (struct leg){.kind = LEG_TICK, .step = STEP_TICK}, "", "{}");
    struct place *place = &world->places[0];
    if (!good) {
        place->log[place->log_count - 1].envelope[5] ^= 1;
    }
}

static void deliver_legs(struct world *world, const struct batch *batch) {
    for (size_t i = 0; i < batch->outputs_count; i++) {
        const struct leg_message *message = batch->outputs[i].leg;
        struct strbuf value = STRBUF_INIT;
        if (batch->outputs[i].kind == OUTPUT_LEG) {
            leg_body_encode(&message->body, &value);
            append_leg(world, message->partition, message->leg, message->body.target.text,
                       value.text);
        }
        strbuf_close(&value);
    }
}

static void begin(struct place *place, struct strbuf *story) {
    static const struct uuid owner = {.bytes = {1}};
    const struct lane_row *row = memory_store_take(&place->store, &owner);
    bool runs = lane_begin(place->lane, row, 0, (int64_t)place->log_count);
    strbuf_printf(story, "epoch %lld, reads from @%lld%s\n", (long long)row->epoch,
                  (long long)lane_read_from(place->lane), runs ? "" : ", stopped");
    if (!runs) {
        return;
    }
    memory_store_start(&place->store, place->lane);
    place->offered = lane_read_from(place->lane);
}

static void load(struct place *place, struct strbuf *story) {
    trace_wants(lane_wants(place->lane), story);
    memory_store_load(&place->store, place->lane);
}

/* What does not fit is offered again by the next run. */
static void offer_all(struct place *place) {
    while (place->offered < (int64_t)place->log_count) {
        enum lane_offer answer = lane_offer(place->lane, &place->log[place->offered].record);
        if (answer == LANE_FULL || answer == LANE_STOPPED) {
            return;
        }
        place->offered++;
    }
}

static void run(struct place *place, struct strbuf *story) {
    offer_all(place);
    while (lane_apply(place->lane) == LANE_MISSING) {
        load(place, story);
    }
    trace_batch(place->lane, story);
}

static void commit(struct world *world, struct place *place, struct strbuf *story) {
    const struct batch *batch = lane_batch(place->lane);
    if (!memory_store_commit(&place->store, batch)) {
        strbuf_add_text(story, "fenced\n");
        return;
    }
    deliver_legs(world, batch);
    lane_committed(place->lane);
    enum lane_stop stop = lane_stopped(place->lane);
    if (stop != LANE_RUNNING) {
        strbuf_printf(story, "stopped: %s (%s)\n", lane_stop_word(stop),
                      lane_stop_detail(place->lane));
    }
}

/* A batch of records that are only answered again moves no offset of the store. */
static void settle_place(struct world *world, struct place *place, struct strbuf *story) {
    int64_t next_offset = place->store.row.next_offset;
    int64_t offered = place->offered;
    run(place, story);
    commit(world, place, story);
    CHECK(place->store.row.next_offset > next_offset || place->offered > offered);
}

/* Runs and commits lane after lane until no log has anything left. */
static void settle(struct world *world, struct strbuf *story) {
    bool idle = false;
    while (!idle) {
        idle = true;
        for (uint16_t i = 0; i < world->lanes; i++) {
            struct place *place = &world->places[i];
            if (place->store.row.next_offset < (int64_t)place->log_count) {
                strbuf_printf(story, "-- lane %u\n", i);
                settle_place(world, place, story);
                idle = false;
            }
        }
    }
}

static void do_lane(struct world *world, const char *verb, struct place *place,
                    struct strbuf *story) {
    if (strcmp(verb, "take") == 0 || strcmp(verb, "fail") == 0) {
        begin(place, story);
    } else if (strcmp(verb, "run") == 0) {
        run(place, story);
    } else if (strcmp(verb, "commit") == 0) {
        commit(world, place, story);
    } else if (strcmp(verb, "steal") == 0) {
        memory_store_take(&place->store, &(struct uuid){.bytes = {2}});
    } else {
        CHECK(!"a known script line");
    }
}

void world_do(struct world *world, const char *line, struct strbuf *story) {
    char key[80];
    char value[TEXT_MAX];
    long long at_ms;
    unsigned number = 0;
    int used = 0;
    if (sscanf(line, "lanes %u", &number) == 1) {
        CHECK(number >= 1 && number <= LANES_MAX);
        drop_places(world);
        make_places(world, (uint16_t)number);
    } else if (sscanf(line, "at %lld %79s %n", &at_ms, key, &used) == 2) {
        world->now_ms = at_ms;
        expand(line + used, value);
        append(world, partition_of(key, strlen(key), world->lanes), key, value);
    } else if (sscanf(line, "tick %lld", &at_ms) == 1) {
        world->now_ms = at_ms;
        append_tick(world, true);
    } else if (sscanf(line, "forged %lld", &at_ms) == 1) {
        world->now_ms = at_ms;
        append_tick(world, false);
    } else if (strcmp(line, "settle") == 0) {
        settle(world, story);
    } else {
        CHECK(sscanf(line, "%79s %u", key, &number) >= 1 && number < world->lanes);
        do_lane(world, key, &world->places[number], story);
    }
}
