#include <string.h>

#include "common/command.h"
#include "consumer/core/leg.h"
#include "tests/harness/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { HEAD = 8, KEY_MAX = IDENT_MAX };

static const struct leg_secrets secrets = {
    .items = {{.key_id = 1, .bytes = "old secret"}, {.key_id = 2, .bytes = "new secret"}},
    .count = 2,
};

/* Nothing that a client sends opens as a leg: an envelope of any bytes is a forgery. */
static void expect_forgery(const uint8_t *bytes, size_t len) {
    size_t cut = len < LEG_ENVELOPE_MAX + 1 ? len : LEG_ENVELOPE_MAX + 1;
    struct record record = {.leg = {bytes, cut}, .value = {bytes + cut, len - cut}};
    struct leg leg;
    must(leg_open(&record, &secrets, 0, &leg) == LEG_FORGED, "opened without the secret");
}

/* A sealed leg opens, and no longer once any of its bits has changed. The first bytes of the input
 * say kind, origin, step, partition and bit; the rest is key and value. */
static void expect_seal_to_hold(const uint8_t *bytes, size_t len) {
    uint8_t text[LEG_ENVELOPE_LEN + KEY_MAX + COMMAND_JSON_MAX];
    uint8_t *body = text + LEG_ENVELOPE_LEN;
    size_t body_len = len - HEAD;
    if (body_len > KEY_MAX + COMMAND_JSON_MAX) {
        return;
    }
    memcpy(body, bytes + HEAD, body_len);
    size_t key_len = body_len < KEY_MAX ? body_len : KEY_MAX;
    struct leg leg = {.kind = bytes[0], .origin = bytes[1], .step = bytes[2]};
    struct record record = {.leg = {text, LEG_ENVELOPE_LEN},
                            .key = {body, key_len},
                            .value = {body + key_len, body_len - key_len}};
    leg_seal(&leg, &secrets, bytes[3], record.key, record.value, text);
    struct leg opened;
    must(leg_open(&record, &secrets, bytes[3], &opened) != LEG_FORGED, "a good leg is refused");
    must(opened.key_id == 2 && opened.version == LEG_VERSION, "opened as another leg");
    must(leg_open(&record, &secrets, (uint16_t)(bytes[3] + 1), &opened) == LEG_FORGED, "moved");
    size_t bit = (size_t)(bytes[4] << 8 | bytes[5]) % (8 * (LEG_ENVELOPE_LEN + body_len));
    text[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    must(leg_open(&record, &secrets, bytes[3], &opened) == LEG_FORGED, "bit %zu is free", bit);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    expect_forgery(bytes, len);
    if (len > HEAD) {
        expect_seal_to_hold(bytes, len);
    }
    return 0;
}
