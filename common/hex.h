/* Bytes as lower-case hexadecimal digits, two each: as PostgreSQL and dumps write them. */
#ifndef TELLER_COMMON_HEX_H
#define TELLER_COMMON_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * count digits and a NUL to text, which has room for 2 * count + 1. The bytes may not
 * lie in text. */
void hex_encode(const uint8_t *bytes, size_t count, char *text);

/* Reads `digits` digits into digits / 2 bytes; out may be text itself. False: an odd number, or a
 * character that is no such digit. */
bool hex_decode(const char *text, size_t digits, uint8_t *out);

#endif
