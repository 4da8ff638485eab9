/* What an allotment costs the memory of a lane. */
#include <criterion/criterion.h>

#include "consumer/core/lane_state.h"
#include "tests/fakes/solo.h"

#define SUBSCRIBERS 1500

static void say(struct solo *solo, const char *key, int id, const char *fields) {
    solo_command(solo, key, "{'v':1,'id':'00000000-0001-7000-8000-%012d',%s}", id, fields);
}

static void subscribe_all(struct solo *solo) {
    say(solo, "seat", 1,
        "'type':'product.create','product':'seat','currency':'EUR','price':1,'stock':7,"
        "'mode':'subscription'");
    say(solo, "ann", 2, "'type':'account.open','account':'ann','currency':'EUR','floor':-9999");
    for (int i = 0; i < SUBSCRIBERS; i++) {
        say(solo, "ann", 100 + i,
            "'type':'subscribe','account':'ann','product':'seat','quantity':1,'price':1");
    }
    solo_run(solo);
}

Test(lane_allotment, test_what_was_read_of_all_subscribers_is_given_back) {
    struct lane_limits limits = solo_least(500);
    struct solo solo;
    solo_open(&solo, &limits, 0, 1);
    subscribe_all(&solo);
    say(&solo, "seat", 3, "'type':'product.finalize','product':'seat'");
    solo_apply(&solo);
    cr_expect_eq(solo.lane->allotment.count, SUBSCRIBERS);
    solo_commit(&solo);
    cr_expect_null(solo.lane->allotment.shares, "a list of all subscribers is kept for ever");
    cr_expect_eq(solo_run(&solo), SUBSCRIBERS / WANTS_CHUNK_MAX + 1, "chunks, each its own batch");
    cr_expect_eq(solo.store.products[0].sold, 7);
    solo_close(&solo);
}
