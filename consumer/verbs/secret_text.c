#include "consumer/verbs/secret_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "teller-secret "

void secret_format(const struct leg_secret *secret, char line[SECRET_LINE_MAX]) {
    int len = snprintf(line, SECRET_LINE_MAX, PREFIX "%" PRIu32 " ", secret->key_id);
    for (int i = 0; i < LEG_SECRET_LEN; i++) {
        len += snprintf(line + len, SECRET_LINE_MAX - (size_t)len, "%02x", secret->bytes[i]);
    }
}

static int nibble(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
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
    if (at == NULL || strcspn(at, "\r\n") != (size_t)2 * LEG_SECRET_LEN) {
        return false;
    }
    for (int i = 0; i < LEG_SECRET_LEN; i++, at += 2) {
        const int high = nibble(at[0]);
        const int low = nibble(at[1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
