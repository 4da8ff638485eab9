/* Waiting for something to become true: polled, with a deadline, never a sleep and a hope. */
#ifndef TELLER_TESTS_HARNESS_WAIT_H
#define TELLER_TESTS_HARNESS_WAIT_H

#include <stdbool.h>
#include <stdint.h>

typedef bool wait_condition(void *context);

/* Asks every few milliseconds; false when the time is over first. */
bool wait_until(wait_condition *condition, void *context, int64_t timeout_ms);

/* The same, but aborts and names `what` was waited for. */
void wait_for(const char *what, wait_condition *condition, void *context, int64_t timeout_ms);

#endif
