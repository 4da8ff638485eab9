/* Amounts are whole minor units in 64 bits, sums of system accounts in 128; nothing ever wraps. */
#ifndef TELLER_COMMON_MONEY_H
#define TELLER_COMMON_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ident.h"

#define MONEY_MAX INT64_MAX
#define MONEY_MIN (-INT64_MAX) /* the lowest floor; INT64_MIN is never a valid amount */

__extension__ typedef __int128 money_wide; /* balances of system accounts, sums over accounts */

/* *sum = a + b; false on overflow of 64 bits, *sum then unchanged. */
bool money_add(int64_t a, int64_t b, int64_t *sum);
bool money_multiply(int64_t a, int64_t b, int64_t *product);

/* Reads "-12", "0", "9223372036854775807": digits with an optional minus, no sign games, no leading
 * zeros, no blanks. False on anything else and beyond 64 bits. `text` need not be terminated. */
bool money_parse(const char *text, size_t len, int64_t *amount);

/* Enough for 40 digits, separators, a point, sign, blank, asset and NUL. */
#define MONEY_TEXT_MAX 80

/* Writes "1,234.50 EUR" or "10,000 KRW" for people, by the asset's ISO 4217 exponent. */
void money_format(int64_t amount, const struct asset *asset, char text[MONEY_TEXT_MAX]);

/* Decimal digits of a wide amount, as PostgreSQL's numeric reads them, and back (false: not such
 * a number, or beyond 128 bits). */
void money_wide_format(money_wide amount, char text[MONEY_TEXT_MAX]);
bool money_wide_parse(const char *text, size_t len, money_wide *amount);

#endif
