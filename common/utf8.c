#include "common/utf8.h"

#include <stdint.h>
#include <string.h>

static bool is_between(uint8_t byte, uint8_t low, uint8_t high) {
    return byte >= low && byte <= high;
}

/* Bytes of the character that begins with `lead`, 0 if none does. The second byte's bounds keep
 * overlong forms, surrogates and what lies beyond U+10FFFF out (Unicode, table 3-7). */
static size_t length_by_lead(uint8_t lead, uint8_t *low, uint8_t *high) {
    *low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    *high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (lead < 0x80) {
        return 1;
    }
    if (is_between(lead, 0xc2, 0xdf)) {
        return 2;
    }
    if (is_between(lead, 0xe0, 0xef)) {
        return 3;
    }
    return is_between(lead, 0xf0, 0xf4) ? 4 : 0;
}

bool utf8_valid(const void *text, size_t len) {
    const uint8_t *at = text;
    while (len > 0) {
        uint8_t low;
        uint8_t high;
        size_t bytes = length_by_lead(*at, &low, &high);
        if (bytes == 0 || bytes > len || (bytes > 1 && !is_between(at[1], low, high))) {
            return false;
        }
        for (size_t i = 2; i < bytes; i++) {
            if (!is_between(at[i], 0x80, 0xbf)) {
                return false;
            }
        }
        at += bytes;
        len -= bytes;
    }
    return true;
}

size_t utf8_cut(const char *text, size_t room) {
    size_t len = strlen(text);
    if (len <= room) {
        return len;
    }
    while (room > 0 && is_between((uint8_t)text[room], 0x80, 0xbf)) {
        room--;
    }
    return room;
}
