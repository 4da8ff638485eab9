#include "common/ident.h"

#include <string.h>

#include "common/siphash.h"

static bool is_upper(unsigned char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

static bool is_alnum(unsigned char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_ident_tail(unsigned char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == ':' || c == '-';
}

bool ident_parse(const void *text, size_t len, struct ident *out) {
    const unsigned char *bytes = text;
    if (len < 1 || len > IDENT_MAX || !is_alnum(bytes[0])) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        if (!is_ident_tail(bytes[i])) {
            return false;
        }
    }
    *out = (struct ident){.len = (uint8_t)len};
    memcpy(out->text, bytes, len);
    return true;
}

bool ident_equal(const struct ident *a, const struct ident *b) {
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

uint64_t ident_hash(const struct ident *ident, uint64_t seed) {
    return siphash(seed, ident->text, ident->len);
}

bool asset_parse(const void *text, size_t len, struct asset *out) {
    const unsigned char *bytes = text;
    if (len < 3 || len > ASSET_MAX || !is_upper(bytes[0])) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        if (!is_upper(bytes[i]) && !is_digit(bytes[i])) {
            return false;
        }
    }
    *out = (struct asset){.len = (uint8_t)len};
    memcpy(out->text, bytes, len);
    return true;
}

bool asset_equal(const struct asset *a, const struct asset *b) {
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* ISO 4217 list one, by number of digits. A code that has left the list keeps its digits: old
 * accounts stay readable. Zero is what every code not named here has. */
static const char *const two_digits =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
    "XCG YER ZAR ZMW ZWG ZWL";
static const char *const three_digits = "BHD IQD JOD KWD LYD OMR TND";
static const char *const four_digits = "CLF UYW";

/* No code can match across a blank: codes have three letters. */
static bool lists(const char *codes, const struct asset *asset) {
    return strstr(codes, asset->text) != NULL;
}

int asset_exponent(const struct asset *asset) {
    if (asset->len != 3) {
        return 0;
    }
    if (lists(two_digits, asset)) {
        return 2;
    }
    if (lists(three_digits, asset)) {
        return 3;
    }
    return lists(four_digits, asset) ? 4 : 0;
}
