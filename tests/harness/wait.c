#include "tests/harness/wait.h"

#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define POLL_MS 5

bool wait_until(wait_condition *condition, void *context, int64_t timeout_ms) {
    int64_t deadline = clock_monotonic_ms() + timeout_ms;
    while (!condition(context)) {
        if (clock_monotonic_ms() >= deadline) {
            return false;
        }
        clock_sleep_ms(POLL_MS);
    }
    return true;
}

void wait_for(const char *what, wait_condition *condition, void *context, int64_t timeout_ms) {
    must(wait_until(condition, context, timeout_ms), "waited %lld ms in vain for %s",
         (long long)timeout_ms, what);
}
