#include "consumer/runtime/committer.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/check.h"
#include "common/rt/clock.h"

enum job_state {
    JOB_NONE,
    JOB_GIVEN,    /* to be run */
    JOB_ANSWERED, /* the answer waits to be fetched */
    JOB_QUIT,     /* the thread is to end */
};

struct committer {
    struct pg_store *store;
    struct board *board;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum job_state state; /* under the mutex; in JOB_GIVEN the rest is the thread's */
    const struct pg_part *parts;
    size_t count;
    enum pg_answer answer;
    struct pg_failure failure;
};

static void lock(struct committer *committer) {
    CHECK(pthread_mutex_lock(&committer->mutex) == 0);
}

static void unlock(struct committer *committer) {
    CHECK(pthread_mutex_unlock(&committer->mutex) == 0);
}

/* Sets the state; call with the mutex held. */
static void move_on(struct committer *committer, enum job_state state) {
    committer->state = state;
    CHECK(pthread_cond_signal(&committer->changed) == 0);
}

static void await(struct committer *committer, enum job_state one, enum job_state other) {
    while (committer->state != one && committer->state != other) {
        CHECK(pthread_cond_wait(&committer->changed, &committer->mutex) == 0);
    }
}

static enum pg_answer commit(const struct committer *committer, const struct pg_part *parts,
                             size_t count, struct pg_failure *failure) {
    int64_t begun_us = clock_monotonic_us();
    enum pg_answer answer = pg_store_commit(committer->store, parts, count, failure);
    board_count(&committer->board->batches, 1);
    board_count(&committer->board->batch_us, (uint64_t)(clock_monotonic_us() - begun_us));
    return answer;
}

static void *commit_jobs(void *context) {
    struct committer *committer = context;
    lock(committer);
    for (;;) {
        await(committer, JOB_GIVEN, JOB_QUIT);
        if (committer->state == JOB_QUIT) {
            break;
        }
        unlock(committer);
        committer->answer =
            commit(committer, committer->parts, committer->count, &committer->failure);
        lock(committer);
        move_on(committer, JOB_ANSWERED);
    }
    unlock(committer);
    return NULL;
}

struct committer *committer_new(struct pg_store *store, struct board *board) {
    struct committer *committer = calloc(1, sizeof *committer);
    if (committer == NULL) {
        return NULL;
    }
    committer->store = store;
    committer->board = board;
    CHECK(pthread_mutex_init(&committer->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&committer->changed, NULL) == 0);
    CHECK(pthread_create(&committer->thread, NULL, commit_jobs, committer) == 0);
    return committer;
}

void committer_free(struct committer *committer) {
    if (committer == NULL) {
        return;
    }
    lock(committer);
    CHECK(committer->state == JOB_NONE);
    move_on(committer, JOB_QUIT);
    unlock(committer);
    CHECK(pthread_join(committer->thread, NULL) == 0);
    CHECK(pthread_cond_destroy(&committer->changed) == 0);
    CHECK(pthread_mutex_destroy(&committer->mutex) == 0);
    free(committer);
}

void committer_begin(struct committer *committer, const struct pg_part *parts, size_t count) {
    lock(committer);
    CHECK(committer->state == JOB_NONE);
    committer->parts = parts;
    committer->count = count;
    committer->failure = (struct pg_failure)PG_FAILURE_INIT;
    move_on(committer, JOB_GIVEN);
    unlock(committer);
}

enum pg_answer committer_wait(struct committer *committer, struct pg_failure *failure) {
    lock(committer);
    CHECK(committer->state != JOB_NONE);
    await(committer, JOB_ANSWERED, JOB_ANSWERED);
    *failure = committer->failure;
    enum pg_answer answer = committer->answer;
    committer->state = JOB_NONE;
    unlock(committer);
    return answer;
}

enum pg_answer committer_run(struct committer *committer, const struct pg_part *parts, size_t count,
                             struct pg_failure *failure) {
    CHECK(committer->state == JOB_NONE);
    return commit(committer, parts, count, failure);
}
