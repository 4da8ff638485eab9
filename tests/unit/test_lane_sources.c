/* Who asked (ce_source) is kept where it is fit to be, and counted where it is not. */
#include <criterion/criterion.h>

#include "tests/fakes/solo.h"

static void deposit_from(struct solo *solo, int id, struct slice source) {
    solo_command(solo, "ann",
                 "{'v':1,'id':'00000000-0001-7000-8000-%012d','type':'deposit','account':'ann',"
                 "'amount':1}",
                 id);
    solo->log[solo->log_count - 1]->record.source = source;
}

Test(lane_sources, test_a_source_that_is_not_kept_is_counted_in_its_batch) {
    struct solo solo;
    struct lane_limits limits = solo_least(100);
    solo_open(&solo, &limits, 0, 1);
    solo_command(&solo, "ann",
                 "{'v':1,'id':'00000000-0001-7000-8000-000000000001','type':'account.open',"
                 "'account':'ann','currency':'EUR'}");
    deposit_from(&solo, 2, (struct slice){.at = NULL, .len = 0});
    deposit_from(&solo, 3, (struct slice){.at = (const uint8_t *)"shop", .len = 4});
    cr_expect_eq(solo_apply(&solo)->sources_dropped, 0);
    solo_commit(&solo);
    deposit_from(&solo, 4, (struct slice){.at = (const uint8_t *)"sh\tp", .len = 4});
    const struct batch *batch = solo_apply(&solo);
    cr_expect_eq(batch->sources_dropped, 1);
    cr_expect_null(batch->rows[0].source.at);
    solo_commit(&solo);
    solo_close(&solo);
}
