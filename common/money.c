#include "common/money.h"

#include <string.h>

#include "common/check.h"

__extension__ typedef unsigned __int128 magnitude;

#define WIDE_MAX ((money_wide)(~(magnitude)0 >> 1))

bool money_add(int64_t a, int64_t b, int64_t *sum) {
    int64_t result;
    if (__builtin_add_overflow(a, b, &result)) {
        return false;
    }
    *sum = result;
    return true;
}

bool money_multiply(int64_t a, int64_t b, int64_t *product) {
    int64_t result;
    if (__builtin_mul_overflow(a, b, &result)) {
        return false;
    }
    *product = result;
    return true;
}

/* One way to write each number: digits only, no leading zero but "0" itself. */
static bool parse_digits(const char *text, size_t len, magnitude limit, magnitude *out) {
    if (len < 1 || (text[0] == '0' && len > 1)) {
        return false;
    }
    magnitude value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        unsigned digit = (unsigned)(text[i] - '0');
        if (value > (limit - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool money_wide_parse(const char *text, size_t len, money_wide *amount) {
    bool negative = len > 0 && text[0] == '-';
    magnitude limit = (magnitude)WIDE_MAX + (negative ? 1 : 0);
    magnitude value;
    if (!parse_digits(text + negative, len - negative, limit, &value) || (negative && value == 0)) {
        return false;
    }
    *amount = negative ? -(money_wide)(value - 1) - 1 : (money_wide)value;
    return true;
}

bool money_parse(const char *text, size_t len, int64_t *amount) {
    money_wide wide;
    if (!money_wide_parse(text, len, &wide) || wide < MONEY_MIN || wide > MONEY_MAX) {
        return false;
    }
    *amount = (int64_t)wide;
    return true;
}

/* Writes digits backwards, ending before `end`, at least `least` of them. Returns their start. */
static char *write_digits(magnitude value, int least, char *end) {
    char *at = end;
    for (int written = 0; value > 0 || written < least; written++) {
        *--at = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    return at;
}

void money_wide_format(money_wide amount, char text[MONEY_TEXT_MAX]) {
    char digits[MONEY_TEXT_MAX];
    char *end = digits + sizeof digits;
    bool negative = amount < 0;
    char *at = write_digits(negative ? 0 - (magnitude)amount : (magnitude)amount, 1, end);
    if (negative) {
        *--at = '-';
    }
    size_t len = (size_t)(end - at);
    memcpy(text, at, len);
    text[len] = '\0';
}

/* "1234567" -> "1,234,567"; returns behind the last byte written. */
static char *add_grouped(char *to, const char *digits, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[i];
    }
    return to;
}

void money_format(int64_t amount, const struct asset *asset, char text[MONEY_TEXT_MAX]) {
    CHECK(asset->len <= ASSET_MAX);
    char digits[MONEY_TEXT_MAX];
    char *end = digits + sizeof digits;
    int exponent = asset_exponent(asset);
    uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    char *start = write_digits(size, exponent + 1, end);
    char *point = end - exponent;

    char *to = text;
    if (amount < 0) {
        *to++ = '-';
    }
    to = add_grouped(to, start, (size_t)(point - start));
    if (exponent > 0) {
        *to++ = '.';
        memcpy(to, point, (size_t)exponent);
        to += exponent;
    }
    if (asset->len > 0) {
        *to++ = ' ';
        memcpy(to, asset->text, asset->len);
        to += asset->len;
    }
    *to = '\0';
}
