/* Unix time in ms as RFC 3339 text in UTC, without locale, time zone or libc state: results and log
 * lines use it. */
#ifndef TELLER_COMMON_TIMESTAMP_H
#define TELLER_COMMON_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_TEXT_LEN 24 /* "2026-01-31T23:59:59.123Z" */

/* NUL-terminated. Times outside the years 1970 .. 9999 become the nearest one inside. */
void timestamp_format(int64_t unix_ms, char text[TIMESTAMP_TEXT_LEN + 1]);

/* Reads exactly what timestamp_format writes. False, and *unix_ms untouched, on anything else. */
bool timestamp_parse(const char *text, size_t len, int64_t *unix_ms);

#endif
