#include "common/uuid.h"

#include <string.h>

#include "common/digest.h"
#include "common/siphash.h"

/* Teller's own namespace for version 5: drawn once at random, and never to be changed. */
static const uint8_t namespace[16] = {0xc4, 0x13, 0xa8, 0x23, 0x24, 0x3e, 0x47, 0xd7,
                                      0xb8, 0x2d, 0xb3, 0xe8, 0x6b, 0xb7, 0xe7, 0x8c};

static int hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20; /* lower case */
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_dash_before(size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool uuid_parse(const void *text, size_t len, struct uuid *out) {
    if (len != UUID_TEXT_LEN) {
        return false;
    }
    struct uuid uuid;
    const uint8_t *at = text;
    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        if (is_dash_before(i) && *at++ != '-') {
            return false;
        }
        int high = hex_value(at[0]);
        int low = hex_value(at[1]);
        if (high < 0 || low < 0) {
            return false;
        }
        uuid.bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *out = uuid;
    return true;
}

void uuid_format(const struct uuid *uuid, char text[UUID_TEXT_LEN + 1]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof uuid->bytes; i++) {
        if (is_dash_before(i)) {
            *text++ = '-';
        }
        *text++ = digits[uuid->bytes[i] >> 4];
        *text++ = digits[uuid->bytes[i] & 15];
    }
    *text = '\0';
}

int uuid_compare(const struct uuid *a, const struct uuid *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool uuid_equal(const struct uuid *a, const struct uuid *b) {
    return uuid_compare(a, b) == 0;
}

uint64_t uuid_hash(const struct uuid *uuid, uint64_t seed) {
    return siphash(seed, uuid->bytes, sizeof uuid->bytes);
}

static void set_version(struct uuid *uuid, unsigned version) {
    uuid->bytes[6] = (uint8_t)(version << 4 | (uuid->bytes[6] & 0x0fU));
    uuid->bytes[8] = (uint8_t)(0x80U | (uuid->bytes[8] & 0x3fU));
}

struct uuid uuid_v7_floor(int64_t unix_ms) {
    const int64_t latest = (INT64_C(1) << 48) - 1;
    int64_t ms = unix_ms < 0 ? 0 : unix_ms > latest ? latest : unix_ms;
    struct uuid uuid = {{0}};
    for (int i = 0; i < 6; i++) {
        uuid.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    }
    return uuid;
}

struct uuid uuid_v7(int64_t unix_ms, const uint8_t random[10]) {
    struct uuid uuid = uuid_v7_floor(unix_ms);
    memcpy(uuid.bytes + 6, random, 10);
    set_version(&uuid, 7);
    return uuid;
}

struct uuid uuid_v5(const void *name, size_t len) {
    const struct slice parts[] = {{.at = namespace, .len = sizeof namespace},
                                  {.at = name, .len = len}};
    uint8_t sha1[DIGEST_SHA1_LEN];
    digest_sha1_parts(parts, 2, sha1);
    struct uuid uuid;
    memcpy(uuid.bytes, sha1, sizeof uuid.bytes);
    set_version(&uuid, 5);
    return uuid;
}
