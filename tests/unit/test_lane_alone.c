/* Records that bring rows of their own, up to hundreds: a tick with work, a chunk. Each is the only
 * one of its batch, so that a lane of the smallest size has room for it. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/fakes/solo.h"

#define RECORDS 100 /* of a batch */
#define DUE (WANTS_DUE_MAX + 100)
#define GROUPS 99

static void say(struct solo *solo, const char *key, int id, const char *fields) {
    solo_command(solo, key, "{'v':1,'id':'00000000-0001-7000-8000-%012d',%s}", id, fields);
}

static void deposit(struct solo *solo, int id) {
    say(solo, "ann", id, "'type':'deposit','account':'ann','amount':1");
}

static void tick(struct solo *solo) {
    solo_leg(solo, &(struct leg){.kind = LEG_TICK, .step = STEP_TICK}, NULL);
}

static void open_lane(struct solo *solo) {
    struct lane_limits limits = solo_least(RECORDS);
    solo_open(solo, &limits, 0, 1);
    solo->now_ms = 1000;
    say(solo, "ann", 1, "'type':'account.open','account':'ann','currency':'EUR','floor':-99999");
    solo_run(solo);
}

static void expect_batch(struct solo *solo, size_t records) {
    cr_expect_eq(solo_apply(solo)->records_count, records, "%zu records, not %zu",
                 lane_batch(solo->lane)->records_count, records);
    solo_commit(solo);
}

Test(lane_alone, test_a_tick_with_work_is_alone_in_its_batch) {
    struct solo solo;
    open_lane(&solo);
    say(&solo, "ann", 2, "'type':'hold','account':'ann','amount':5,'expires_in_s':1");
    solo_run(&solo);
    tick(&solo);
    deposit(&solo, 3);
    expect_batch(&solo, 2); /* nothing is due yet */
    solo.now_ms = 3000;
    deposit(&solo, 4);
    tick(&solo);
    deposit(&solo, 5);
    deposit(&solo, 6);
    expect_batch(&solo, 1);
    expect_batch(&solo, 1);
    cr_expect_eq(solo.store.holds[0].state, HOLD_EXPIRED);
    expect_batch(&solo, 2);
    solo_close(&solo);
}

static void subscribe(struct solo *solo, int subscribers) {
    say(solo, "seat", 2,
        "'type':'product.create','product':'seat','currency':'EUR','price':1,'stock':7,"
        "'mode':'subscription','seller':'ann'");
    for (int i = 0; i < subscribers; i++) {
        say(solo, "ann", 1000 + i,
            "'type':'subscribe','account':'ann','product':'seat','quantity':1,'price':1");
    }
    solo_run(solo);
    say(solo, "seat", 3, "'type':'product.finalize','product':'seat'");
    solo_apply(solo);
    solo_commit(solo);
}

Test(lane_alone, test_a_chunk_is_alone_in_its_batch) {
    struct solo solo;
    open_lane(&solo);
    subscribe(&solo, 3);
    deposit(&solo, 4);
    deposit(&solo, 5);
    expect_batch(&solo, 1);
    cr_expect_eq(solo.store.subscriptions[0].state, SUBSCRIPTION_SETTLED);
    expect_batch(&solo, 2);
    solo_close(&solo);
}

/* Sixteen holds each, none of them in memory. */
static void capture_in_groups(struct solo *solo) {
    char text[SOLO_TEXT_MAX];
    for (int group = 0; group < GROUPS; group++) {
        int len = snprintf(text, sizeof text, "'type':'group','account':'ann','commands':[");
        for (int i = 0; i < COMMAND_GROUP_MAX; i++) {
            len += snprintf(text + len, sizeof text - (size_t)len,
                            "%s{'type':'capture','hold':'00000000-0001-7000-8000-%012d'}",
                            i == 0 ? "" : ",", 5000 + group * COMMAND_GROUP_MAX + i);
        }
        snprintf(text + len, sizeof text - (size_t)len, "]");
        say(solo, "ann", 9000 + group, text);
    }
}

static size_t count_holds(const struct solo *solo, enum hold_state state) {
    size_t count = 0;
    for (size_t i = 0; i < solo->store.holds_count; i++) {
        count += solo->store.holds[i].state == state;
    }
    return count;
}

Test(lane_alone, test_the_smallest_lane_has_room_for_a_tick_and_for_groups_behind_it) {
    struct solo solo;
    open_lane(&solo);
    for (int i = 0; i < GROUPS * COMMAND_GROUP_MAX; i++) {
        say(&solo, "ann", 5000 + i, "'type':'hold','account':'ann','amount':1");
    }
    for (int i = 0; i < DUE; i++) {
        say(&solo, "ann", 100000 + i, "'type':'hold','account':'ann','amount':1,'expires_in_s':60");
    }
    solo_run(&solo);
    solo.now_ms = 100000;
    tick(&solo);
    capture_in_groups(&solo);
    tick(&solo);
    solo_run(&solo);
    cr_expect_eq(count_holds(&solo, HOLD_EXPIRED), DUE);
    cr_expect_eq(count_holds(&solo, HOLD_CAPTURED), GROUPS * COMMAND_GROUP_MAX);
    solo_close(&solo);
}

Test(lane_alone, test_the_smallest_lane_has_room_for_chunks_and_for_sales_behind_them) {
    struct solo solo;
    open_lane(&solo);
    say(&solo, "mug", 9,
        "'type':'product.create','product':'mug','currency':'EUR','price':1,"
        "'stock':999,'mode':'sale','seller':'ann','cap_per_account':999");
    subscribe(&solo, WANTS_CHUNK_MAX + 10);
    for (int i = 0; i < 3 * RECORDS; i++) {
        say(&solo, "ann", 5000 + i,
            "'type':'purchase','account':'ann','product':'mug','quantity':1,'price':1");
    }
    solo_run(&solo);
    cr_expect_eq(count_holds(&solo, HOLD_OPEN), 0);
    cr_expect_eq(count_holds(&solo, HOLD_CAPTURED), 3 * RECORDS + 7);
    solo_close(&solo);
}
