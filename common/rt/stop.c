#include "common/rt/stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#include "common/check.h"

/* All that a signal handler may touch: lock-free atomics. */
static atomic_int stops;   /* requests so far */
static atomic_bool reload; /* SIGHUP since the last look */

static void on_signal(int signal) {
    if (signal == SIGHUP) {
        atomic_store(&reload, true);
    } else {
        atomic_fetch_add(&stops, 1);
    }
}

static void handle(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    CHECK(sigaction(signal, &action, NULL) == 0);
}

void stop_install(void) {
    handle(SIGPIPE, SIG_IGN);
    handle(SIGHUP, on_signal);
    handle(SIGTERM, on_signal);
    handle(SIGINT, on_signal);
}

bool stop_requested(void) {
    return atomic_load(&stops) >= 1;
}

bool stop_immediate(void) {
    return atomic_load(&stops) >= 2;
}

bool stop_take_reload(void) {
    return atomic_exchange(&reload, false);
}
