/* The only place that reads clocks or random bytes of the system. */
#ifndef TELLER_COMMON_RT_CLOCK_H
#define TELLER_COMMON_RT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_unix_ms(void);      /* wall clock: for ids and people */
int64_t clock_monotonic_ms(void); /* for deadlines and durations */
int64_t clock_monotonic_us(void);
void clock_sleep_ms(int64_t ms);  /* returns early on a signal */
void clock_random(void *bytes, size_t len); /* from the kernel; aborts if it has none */

#endif
