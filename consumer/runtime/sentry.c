#include "consumer/runtime/sentry.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/check.h"
#include "common/rt/clock.h"

#define LOOK_EVERY_MS 30000
#define LOOK_AGAIN_MS 10000 /* after one that was bad */
#define ANSWER_MS 3000

struct sentry {
    const struct kafka_settings *kafka;
    const struct topic_names *topics;
    struct topics_expected expected;
    pthread_t thread;

    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t ended;
    bool ending;
    bool alarm;
    struct err err;
};

bool sentry_note(int *bad, enum err_kind answer) {
    if (answer == ERR_NONE) {
        *bad = 0;
    } else if (answer == ERR_OPERATOR) {
        (*bad)++;
    }
    return answer == ERR_OPERATOR && *bad >= SENTRY_LOOKS;
}

/* With the mutex held: true when told to end. */
static bool sleep_or_end(struct sentry *sentry, int64_t sleep_ms) {
    int64_t until_ms = clock_monotonic_ms() + sleep_ms;
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                             .tv_nsec = (long)(until_ms % 1000) * 1000000};
    while (!sentry->ending) {
        if (pthread_cond_timedwait(&sentry->ended, &sentry->mutex, &until) != 0) {
            break;
        }
    }
    return sentry->ending;
}

/* Silence is not an alarm: a broker that does not answer is the other threads' business. */
static void *look(void *context) {
    struct sentry *sentry = context;
    int bad = 0;
    CHECK(pthread_mutex_lock(&sentry->mutex) == 0);
    while (!sleep_or_end(sentry, bad > 0 ? LOOK_AGAIN_MS : LOOK_EVERY_MS)) {
        struct err err = ERR_INIT;
        CHECK(pthread_mutex_unlock(&sentry->mutex) == 0);
        bool good =
            topics_check(sentry->kafka, sentry->topics, &sentry->expected, ANSWER_MS, NULL, &err);
        CHECK(pthread_mutex_lock(&sentry->mutex) == 0);
        if (sentry_note(&bad, good ? ERR_NONE : err.kind)) {
            sentry->alarm = true;
            sentry->err = err;
        }
    }
    CHECK(pthread_mutex_unlock(&sentry->mutex) == 0);
    return NULL;
}

struct sentry *sentry_new(const struct kafka_settings *kafka, const struct topic_names *topics,
                          const struct topics_expected *expected) {
    pthread_condattr_t monotonic;
    struct sentry *sentry = calloc(1, sizeof *sentry);
    CHECK(sentry != NULL);
    sentry->kafka = kafka;
    sentry->topics = topics;
    sentry->expected = *expected;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&sentry->ended, &monotonic) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    CHECK(pthread_mutex_init(&sentry->mutex, NULL) == 0);
    CHECK(pthread_create(&sentry->thread, NULL, look, sentry) == 0);
    return sentry;
}

void sentry_free(struct sentry *sentry) {
    if (sentry == NULL) {
        return;
    }
    CHECK(pthread_mutex_lock(&sentry->mutex) == 0);
    sentry->ending = true;
    CHECK(pthread_cond_signal(&sentry->ended) == 0);
    CHECK(pthread_mutex_unlock(&sentry->mutex) == 0);
    CHECK(pthread_join(sentry->thread, NULL) == 0);
    CHECK(pthread_cond_destroy(&sentry->ended) == 0);
    CHECK(pthread_mutex_destroy(&sentry->mutex) == 0);
    free(sentry);
}

bool sentry_alarm(struct sentry *sentry, struct err *err) {
    CHECK(pthread_mutex_lock(&sentry->mutex) == 0);
    bool alarm = sentry->alarm;
    if (alarm) {
        *err = sentry->err;
    }
    CHECK(pthread_mutex_unlock(&sentry->mutex) == 0);
    return alarm;
}
