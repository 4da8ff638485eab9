/* Names of accounts and products, and of assets. Fixed-size values, compared byte by byte. */
#ifndef TELLER_COMMON_IDENT_H
#define TELLER_COMMON_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IDENT_MAX 64 /* bytes */
#define ASSET_MAX 8  /* bytes */

/* [A-Za-z0-9][A-Za-z0-9._:-]{0,63}; len 0 means none. */
struct ident {
    uint8_t len;
    char text[IDENT_MAX + 1]; /* NUL-terminated, and zero behind the text */
};

/* [A-Z][A-Z0-9]{2,7}; len 0 means none. */
struct asset {
    uint8_t len;
    char text[ASSET_MAX + 1]; /* NUL-terminated, and zero behind the text */
};

/* False, and *out untouched, unless the bytes are a valid name. */
bool ident_parse(const void *text, size_t len, struct ident *out);
bool ident_equal(const struct ident *a, const struct ident *b);
/* For tables: names of strangers do not collide on purpose where the seed is secret. */
uint64_t ident_hash(const struct ident *ident, uint64_t seed);

bool asset_parse(const void *text, size_t len, struct asset *out);
bool asset_equal(const struct asset *a, const struct asset *b);

/* Digits behind the point of an ISO 4217 currency (KRW 0, USD 2, BHD 3); 0 for any other asset. */
int asset_exponent(const struct asset *asset);

#endif
