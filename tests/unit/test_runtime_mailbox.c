/* Notices between threads arrive once and in order. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>

#include "common/rt/clock.h"
#include "consumer/runtime/mailbox.h"

#define ROOM 4

static struct notice numbered(uint16_t number) {
    return (struct notice){.kind = NOTICE_RECALL, .number = number};
}

Test(runtime_mailbox, test_notices_come_out_in_the_order_of_posting) {
    struct mailbox *mailbox = mailbox_new(ROOM);
    struct notice notice;
    /* More than the room in all, so that the ring wraps. */
    for (uint16_t i = 0; i < 3 * ROOM; i++) {
        mailbox_post(mailbox, numbered(i));
        mailbox_post(mailbox, numbered((uint16_t)(i + 100)));
        cr_assert(mailbox_take(mailbox, &notice, 0));
        cr_assert_eq(notice.number, i);
        cr_assert(mailbox_take(mailbox, &notice, 0));
        cr_assert_eq(notice.number, i + 100);
    }
    mailbox_free(mailbox);
}

Test(runtime_mailbox, test_an_empty_mailbox_answers_at_once_when_told_not_to_wait) {
    struct mailbox *mailbox = mailbox_new(ROOM);
    struct notice notice;
    cr_assert_not(mailbox_take(mailbox, &notice, 0));
    mailbox_free(mailbox);
}

Test(runtime_mailbox, test_a_wait_ends_by_its_deadline) {
    struct mailbox *mailbox = mailbox_new(ROOM);
    struct notice notice;
    int64_t begun_ms = clock_monotonic_ms();
    cr_assert_not(mailbox_take(mailbox, &notice, 50));
    cr_assert_geq(clock_monotonic_ms() - begun_ms, 49);
    mailbox_free(mailbox);
}

static void *post_one(void *mailbox) {
    mailbox_post(mailbox, numbered(9));
    return NULL;
}

Test(runtime_mailbox, test_a_wait_ends_by_a_post_of_another_thread, .timeout = 10) {
    struct mailbox *mailbox = mailbox_new(ROOM);
    struct notice notice;
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, post_one, mailbox), 0);
    cr_assert(mailbox_take(mailbox, &notice, 60000));
    cr_assert_eq(notice.number, 9);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    mailbox_free(mailbox);
}

Test(runtime_mailbox, test_more_notices_than_the_protocol_allows_are_a_bug, .signal = SIGABRT) {
    struct mailbox *mailbox = mailbox_new(ROOM);
    for (uint16_t i = 0; i <= ROOM; i++) {
        mailbox_post(mailbox, numbered(i));
    }
}
