#include "consumer/verbs/secret_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/hex.h"

#define PREFIX "teller-secret "

void secret_format(const struct leg_secret *secret, char line[SECRET_LINE_MAX]) {
    int len = snprintf(line, SECRET_LINE_MAX, PREFIX "%" PRIu32 " ", secret->key_id);
    _Static_assert(sizeof PREFIX + sizeof "4294967295" + 2 * LEG_SECRET_LEN <= SECRET_LINE_MAX,
                   "a line with the longest key id has room");
    hex_encode(secret->bytes, LEG_SECRET_LEN, line + len);
}

static const char *parse_key_id(const char *text, uint32_t *key_id) {
    uint64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && number <= UINT32_MAX; at++) {
        number = 10 * number + (uint64_t)(*at - '0');
    }
    *key_id = (uint32_t)number;
    return at == text || number > UINT32_MAX || *at != ' ' ? NULL : at + 1;
}

bool secret_parse(const char *line, struct leg_secret *out) {
    if (strncmp(line, PREFIX, strlen(PREFIX)) != 0) {
        return false;
    }
    const char *at = parse_key_id(line + strlen(PREFIX), &out->key_id);
    const size_t digits = (size_t)2 * LEG_SECRET_LEN;
    return at != NULL && strcspn(at, "\r\n") == digits && hex_decode(at, digits, out->bytes);
}
