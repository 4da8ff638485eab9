#include "consumer/runtime/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/check.h"
#include "common/rt/clock.h"

struct mailbox {
    pthread_mutex_t mutex;
    pthread_cond_t posted;
    size_t room;
    size_t first;
    size_t count;
    struct notice items[];
};

struct mailbox *mailbox_new(size_t room) {
    struct mailbox *mailbox = calloc(1, sizeof *mailbox + room * sizeof *mailbox->items);
    if (mailbox == NULL) {
        return NULL;
    }
    mailbox->room = room;

    /* A wait must not end early or late because somebody set the wall clock. */
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&mailbox->posted, &monotonic) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    CHECK(pthread_mutex_init(&mailbox->mutex, NULL) == 0);
    return mailbox;
}

void mailbox_free(struct mailbox *mailbox) {
    if (mailbox == NULL) {
        return;
    }
    CHECK(pthread_cond_destroy(&mailbox->posted) == 0);
    CHECK(pthread_mutex_destroy(&mailbox->mutex) == 0);
    free(mailbox);
}

void mailbox_post(struct mailbox *mailbox, struct notice notice) {
    CHECK(pthread_mutex_lock(&mailbox->mutex) == 0);
    CHECK(mailbox->count < mailbox->room);
    mailbox->items[(mailbox->first + mailbox->count++) % mailbox->room] = notice;
    CHECK(pthread_cond_signal(&mailbox->posted) == 0);
    CHECK(pthread_mutex_unlock(&mailbox->mutex) == 0);
}

static struct timespec deadline_after(int64_t timeout_ms) {
    int64_t at_ms = clock_monotonic_ms() + timeout_ms;
    return (struct timespec){.tv_sec = (time_t)(at_ms / 1000),
                             .tv_nsec = (long)(at_ms % 1000) * 1000000};
}

/* With the mutex held. */
static void wait_for_post(struct mailbox *mailbox, int64_t timeout_ms) {
    struct timespec deadline = deadline_after(timeout_ms);
    while (mailbox->count == 0) {
        if (pthread_cond_timedwait(&mailbox->posted, &mailbox->mutex, &deadline) != 0) {
            return;
        }
    }
}

bool mailbox_take(struct mailbox *mailbox, struct notice *notice, int64_t timeout_ms) {
    CHECK(pthread_mutex_lock(&mailbox->mutex) == 0);
    if (mailbox->count == 0 && timeout_ms > 0) {
        wait_for_post(mailbox, timeout_ms);
    }
    bool found = mailbox->count > 0;
    if (found) {
        *notice = mailbox->items[mailbox->first];
        mailbox->first = (mailbox->first + 1) % mailbox->room;
        mailbox->count--;
    }
    CHECK(pthread_mutex_unlock(&mailbox->mutex) == 0);
    return found;
}
