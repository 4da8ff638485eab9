/* C11 threads by pthreads, for builds with ThreadSanitizer.
 *
 * It knows pthreads only: a thread that librdkafka makes with thrd_create is a stranger to it and
 * dies at its first malloc, and locks taken with mtx_lock order nothing. Defined in the program,
 * these come before glibc's own, whose mutexes and conditions are those of pthreads (nptl). */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

static_assert(sizeof(mtx_t) <= sizeof(pthread_mutex_t), "a mutex is a mutex");
static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "a condition is a condition");

struct start {
    thrd_start_t function;
    void *argument;
};

static int word_of(int error) {
    switch (error) {
    case 0: return thrd_success;
    case ENOMEM: return thrd_nomem;
    case ETIMEDOUT: return thrd_timedout;
    case EBUSY: return thrd_busy;
    default: return thrd_error;
    }
}

static pthread_mutex_t *mutex_of(mtx_t *mutex) {
    return (pthread_mutex_t *)(void *)mutex;
}

static pthread_cond_t *condition_of(cnd_t *condition) {
    return (pthread_cond_t *)(void *)condition;
}

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    return (void *)(intptr_t)start.function(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) {
        return thrd_nomem;
    }
    *start = (struct start){function, argument};
    int error = pthread_create(thread, NULL, run, start);
    if (error != 0) {
        free(start);
    }
    return word_of(error);
}

int thrd_join(thrd_t thread, int *result) {
    void *value = NULL;
    int error = pthread_join(thread, &value);
    if (result != NULL) {
        *result = (int)(intptr_t)value;
    }
    return word_of(error);
}

int mtx_init(mtx_t *mutex, int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE
                                                                       : PTHREAD_MUTEX_NORMAL);
    int error = pthread_mutex_init(mutex_of(mutex), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return word_of(error);
}

void mtx_destroy(mtx_t *mutex) {
    pthread_mutex_destroy(mutex_of(mutex));
}

int mtx_lock(mtx_t *mutex) {
    return word_of(pthread_mutex_lock(mutex_of(mutex)));
}

int mtx_unlock(mtx_t *mutex) {
    return word_of(pthread_mutex_unlock(mutex_of(mutex)));
}

int cnd_init(cnd_t *condition) {
    return word_of(pthread_cond_init(condition_of(condition), NULL));
}

void cnd_destroy(cnd_t *condition) {
    pthread_cond_destroy(condition_of(condition));
}

int cnd_signal(cnd_t *condition) {
    return word_of(pthread_cond_signal(condition_of(condition)));
}

int cnd_broadcast(cnd_t *condition) {
    return word_of(pthread_cond_broadcast(condition_of(condition)));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex) {
    return word_of(pthread_cond_wait(condition_of(condition), mutex_of(mutex)));
}

int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until) {
    return word_of(pthread_cond_timedwait(condition_of(condition), mutex_of(mutex), until));
}
