/* Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. */
#ifndef TELLER_COMMON_UTF8_H
#define TELLER_COMMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool utf8_valid(const void *text, size_t len);

/* How much of a NUL-terminated text fits into `room` bytes without cutting a character in two. */
size_t utf8_cut(const char *text, size_t room);

#endif
