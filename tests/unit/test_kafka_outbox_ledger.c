#include <criterion/criterion.h>

#include "consumer/adapters/outbox_ledger.h"

TestSuite(outbox_ledger);

static struct outbox_ledger begun(int64_t published) {
    struct outbox_ledger ledger = {.tenure = NULL};
    outbox_ledger_begin(&ledger, published);
    return ledger;
}

Test(outbox_ledger, test_published_waits_for_every_output_before_the_mark) {
    struct outbox_ledger ledger = begun(10);
    struct outbox_group *one = outbox_ledger_send(&ledger);
    struct outbox_group *two = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 20);
    outbox_group_settle(two);
    cr_expect_eq(outbox_ledger_published(&ledger), 10);
    outbox_group_settle(one);
    cr_expect_eq(outbox_ledger_published(&ledger), 20);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_published_does_not_pass_an_older_mark_that_waits) {
    struct outbox_ledger ledger = begun(0);
    struct outbox_group *older = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 5);
    struct outbox_group *newer = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 9);
    outbox_group_settle(newer);
    cr_expect_eq(outbox_ledger_published(&ledger), 0);
    outbox_group_settle(older);
    cr_expect_eq(outbox_ledger_published(&ledger), 9);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_outputs_without_a_mark_do_not_count_as_published) {
    struct outbox_ledger ledger = begun(3);
    outbox_group_settle(outbox_ledger_send(&ledger));
    cr_expect_eq(outbox_ledger_published(&ledger), 3);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_a_mark_without_outputs_waits_for_those_before_it) {
    struct outbox_ledger ledger = begun(0);
    outbox_ledger_mark(&ledger, 4);
    cr_expect_eq(outbox_ledger_published(&ledger), 4);
    struct outbox_group *group = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 6);
    outbox_ledger_mark(&ledger, 8);
    cr_expect_eq(outbox_ledger_published(&ledger), 4);
    outbox_group_settle(group);
    cr_expect_eq(outbox_ledger_published(&ledger), 8);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_a_failed_output_breaks_the_tenure_and_is_never_passed) {
    struct outbox_ledger ledger = begun(0);
    struct outbox_group *lost = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 1);
    struct outbox_group *good = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 2);
    outbox_group_settle(good);
    outbox_group_fail(lost, 7);
    cr_expect_eq(outbox_ledger_broken(&ledger), 7);
    cr_expect_eq(outbox_ledger_published(&ledger), 0);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_a_report_of_an_older_tenure_changes_nothing_in_the_new_one) {
    struct outbox_ledger ledger = begun(0);
    struct outbox_group *old = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 7);
    outbox_ledger_begin(&ledger, 2);
    struct outbox_group *fresh = outbox_ledger_send(&ledger);
    outbox_ledger_mark(&ledger, 3);
    outbox_group_fail(old, 7);
    cr_expect_eq(outbox_ledger_broken(&ledger), 0);
    cr_expect_eq(outbox_ledger_pending(&ledger), 1);
    cr_expect_eq(outbox_ledger_published(&ledger), 2);
    outbox_group_settle(fresh);
    outbox_ledger_close(&ledger);
}

Test(outbox_ledger, test_pending_counts_what_has_no_report_yet) {
    struct outbox_ledger ledger = begun(0);
    struct outbox_group *one = outbox_ledger_send(&ledger);
    struct outbox_group *two = outbox_ledger_send(&ledger);
    cr_expect_eq(outbox_ledger_pending(&ledger), 2);
    outbox_group_settle(one);
    cr_expect_eq(outbox_ledger_pending(&ledger), 1);
    outbox_group_settle(two);
    cr_expect_eq(outbox_ledger_pending(&ledger), 0);
    outbox_ledger_close(&ledger);
}
