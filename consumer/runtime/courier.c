#include "consumer/runtime/courier.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "common/check.h"

#define POLL_MS 100
#define WARM_MS 3000

struct courier {
    struct outbox_options options;
    struct outbox *outbox;
    pthread_t thread;
    atomic_bool ending;
};

static void *serve(void *context) {
    struct courier *courier = context;
    while (!atomic_load(&courier->ending)) {
        (void)outbox_poll(courier->outbox, POLL_MS);
    }
    return NULL;
}

static void start(struct courier *courier) {
    atomic_store(&courier->ending, false);
    CHECK(pthread_create(&courier->thread, NULL, serve, courier) == 0);
}

static void stop(struct courier *courier) {
    atomic_store(&courier->ending, true);
    CHECK(pthread_join(courier->thread, NULL) == 0);
}

struct courier *courier_new(const struct outbox_options *options, struct err *err) {
    struct courier *courier = calloc(1, sizeof *courier);
    if (courier == NULL) {
        (void)err_set(err, ERR_UNREACHABLE, "out of memory");
        return NULL;
    }
    courier->options = *options;
    courier->outbox = outbox_new(options, err);
    if (courier->outbox == NULL) {
        free(courier);
        return NULL;
    }
    (void)outbox_warm(courier->outbox, WARM_MS);
    start(courier);
    return courier;
}

void courier_free(struct courier *courier) {
    if (courier == NULL) {
        return;
    }
    stop(courier);
    outbox_free(courier->outbox);
    free(courier);
}

struct outbox *courier_outbox(const struct courier *courier) {
    return courier->outbox;
}

bool courier_renew(struct courier *courier, struct err *err) {
    struct outbox *fresh = outbox_new(&courier->options, err);
    if (fresh == NULL) {
        return false;
    }
    stop(courier);
    outbox_free(courier->outbox);
    courier->outbox = fresh;
    start(courier);
    return true;
}
