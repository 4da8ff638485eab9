#include "consumer/runtime/member.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/rt/clock.h"

#define POLL_MS 200
#define MIRROR_MS 1000

struct member {
    struct membership *membership;
    const struct board *board;
    struct membership_offset *offsets; /* scratch of the thread */
    pthread_t thread;
    atomic_bool ending;

    pthread_mutex_t mutex; /* of what follows */
    uint64_t number;       /* of the assignment */
    bool *assigned;
    bool failed;
    struct err failure;
};

static void publish_assignment(struct member *member) {
    struct membership_assignment now;
    membership_current(member->membership, &now);
    CHECK(pthread_mutex_lock(&member->mutex) == 0);
    member->number = now.number;
    memset(member->assigned, 0, member->board->lanes_count * sizeof *member->assigned);
    for (size_t i = 0; i < now.count; i++) {
        if (now.lanes[i] < member->board->lanes_count) {
            member->assigned[now.lanes[i]] = true;
        }
    }
    CHECK(pthread_mutex_unlock(&member->mutex) == 0);
}

static void publish_health(struct member *member) {
    CHECK(pthread_mutex_lock(&member->mutex) == 0);
    member->failed = membership_failed(member->membership, &member->failure);
    CHECK(pthread_mutex_unlock(&member->mutex) == 0);
}

/* The lanes of the assignment only: the group takes no offsets for other members' partitions. */
static void mirror(struct member *member) {
    struct membership_assignment now;
    size_t count = 0;
    membership_current(member->membership, &now);
    for (size_t i = 0; i < now.count; i++) {
        if (now.lanes[i] >= member->board->lanes_count) {
            continue;
        }
        int64_t next = atomic_load(&member->board->lanes[now.lanes[i]].next_offset);
        if (next >= 0) {
            member->offsets[count++] =
                (struct membership_offset){.lane = now.lanes[i], .next_offset = next};
        }
    }
    if (count > 0) {
        membership_mirror(member->membership, member->offsets, count);
    }
}

static void *attend(void *context) {
    struct member *member = context;
    int64_t mirrored_ms = clock_monotonic_ms();
    while (!atomic_load(&member->ending)) {
        if (membership_poll(member->membership, POLL_MS)) {
            publish_assignment(member);
        }
        publish_health(member);
        if (clock_monotonic_ms() - mirrored_ms >= MIRROR_MS) {
            mirror(member);
            mirrored_ms = clock_monotonic_ms();
        }
    }
    mirror(member);
    return NULL;
}

static void discard(struct member *member) {
    free(member->offsets);
    free(member->assigned);
    free(member);
}

struct member *member_new(const struct membership_options *options, const struct board *board,
                          struct err *err) {
    struct member *member = calloc(1, sizeof *member);
    CHECK(member != NULL);
    member->board = board;
    member->offsets = calloc(board->lanes_count, sizeof *member->offsets);
    member->assigned = calloc(board->lanes_count, sizeof *member->assigned);
    CHECK(member->offsets != NULL && member->assigned != NULL);
    member->membership = membership_new(options, err);
    if (member->membership == NULL) {
        discard(member);
        return NULL;
    }
    CHECK(pthread_mutex_init(&member->mutex, NULL) == 0);
    CHECK(pthread_create(&member->thread, NULL, attend, member) == 0);
    return member;
}

void member_free(struct member *member) {
    if (member == NULL) {
        return;
    }
    atomic_store(&member->ending, true);
    membership_wake(member->membership);
    CHECK(pthread_join(member->thread, NULL) == 0);
    membership_free(member->membership);
    CHECK(pthread_mutex_destroy(&member->mutex) == 0);
    discard(member);
}

uint64_t member_assignment(struct member *member, bool *assigned) {
    CHECK(pthread_mutex_lock(&member->mutex) == 0);
    uint64_t number = member->number;
    memcpy(assigned, member->assigned, member->board->lanes_count * sizeof *assigned);
    CHECK(pthread_mutex_unlock(&member->mutex) == 0);
    return number;
}

bool member_failed(struct member *member, struct err *err) {
    CHECK(pthread_mutex_lock(&member->mutex) == 0);
    bool failed = member->failed;
    if (failed) {
        *err = member->failure;
    }
    CHECK(pthread_mutex_unlock(&member->mutex) == 0);
    return failed;
}
