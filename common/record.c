#include "common/record.h"

#include "common/digest.h"

/* 64 bits, most significant byte first. */
static void store(uint64_t number, uint8_t bytes[8]) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

/* An absent key or value is not an empty one. */
static uint64_t length_of(struct slice slice) {
    return slice.at == NULL ? UINT64_MAX : slice.len;
}

static struct slice present(struct slice slice) {
    return slice.at == NULL ? (struct slice){0} : slice;
}

void record_fingerprint(const struct record *record, uint8_t fingerprint[RECORD_FINGERPRINT_LEN]) {
    uint8_t head[24]; /* both lengths first: no key can run into its value */
    store((uint64_t)record->timestamp_ms, head);
    store(length_of(record->key), head + 8);
    store(length_of(record->value), head + 16);
    const struct slice parts[] = {
        {.at = head, .len = sizeof head}, present(record->key), present(record->value)};
    digest_sha256_parts(parts, 3, fingerprint);
}
