#include "common/rt/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "common/check.h"

/* All that a signal handler may touch: lock-free atomics and a descriptor. */
static atomic_int stops;   /* requests so far */
static atomic_bool reload; /* SIGHUP since the last look */
static int wake[2] = {-1, -1}; /* a pipe that is written to and never read */

static void on_signal(int signal) {
    int saved = errno;
    if (signal == SIGHUP) {
        atomic_store(&reload, true);
    } else {
        atomic_fetch_add(&stops, 1);
        ssize_t ignored = write(wake[1], "", 1); /* a full pipe is readable already */
        (void)ignored;
    }
    errno = saved;
}

static void handle(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    CHECK(sigaction(signal, &action, NULL) == 0);
}

void stop_install(void) {
    CHECK(wake[0] < 0);
    CHECK(pipe(wake) == 0);
    for (int i = 0; i < 2; i++) {
        CHECK(fcntl(wake[i], F_SETFD, FD_CLOEXEC) == 0);
        CHECK(fcntl(wake[i], F_SETFL, O_NONBLOCK) == 0);
    }
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

int stop_fd(void) {
    return wake[0];
}

bool stop_take_reload(void) {
    return atomic_exchange(&reload, false);
}
