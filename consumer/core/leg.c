#include "consumer/core/leg.h"

#include <string.h>

#include "common/check.h"
#include "common/command.h"
#include "common/digest.h"

#define DOMAIN "teller-leg"
#define MAC_AT 1
#define KEY_ID_AT 33
#define KIND_AT 37
#define ORIGIN_AT 38
#define STEP_AT 40

/* Everything that is signed: domain, version, envelope behind the MAC, partition, key, value. */
#define LEG_KEY_MAX IDENT_MAX
#define SIGNED_MAX (64 + LEG_ENVELOPE_MAX + LEG_KEY_MAX + COMMAND_JSON_MAX)

static void put_number(uint8_t *out, uint64_t number, int bytes) {
    for (int i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
    }
}

static uint64_t get_number(const uint8_t *in, int bytes) {
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++) {
        number = number << 8 | in[i];
    }
    return number;
}

/* Appends a 4-byte length and the bytes. */
static size_t add_piece(uint8_t *out, size_t len, const void *piece, size_t piece_len) {
    put_number(out + len, piece_len, 4);
    if (piece_len > 0) {
        memcpy(out + len + 4, piece, piece_len);
    }
    return len + 4 + piece_len;
}

static void compute_mac(const struct leg_secret *secret, struct slice envelope, uint16_t partition,
                        struct slice key, struct slice value, uint8_t mac[32]) {
    CHECK(key.len <= LEG_KEY_MAX && value.len <= COMMAND_JSON_MAX);
    uint8_t message[SIGNED_MAX];
    uint8_t target[2];
    put_number(target, partition, 2);
    size_t len = add_piece(message, 0, DOMAIN, sizeof DOMAIN - 1);
    len = add_piece(message, len, envelope.at, 1);
    len = add_piece(message, len, envelope.at + KEY_ID_AT, envelope.len - KEY_ID_AT);
    len = add_piece(message, len, target, sizeof target);
    len = add_piece(message, len, key.at, key.len);
    len = add_piece(message, len, value.at, value.len);
    digest_hmac_sha256((struct slice){secret->bytes, LEG_SECRET_LEN}, message, len, mac);
}

static const struct leg_secret *newest(const struct leg_secrets *secrets) {
    const struct leg_secret *best = &secrets->items[0];
    for (int i = 1; i < secrets->count; i++) {
        if (secrets->items[i].key_id > best->key_id) {
            best = &secrets->items[i];
        }
    }
    return best;
}

static const struct leg_secret *find_secret(const struct leg_secrets *secrets, uint32_t key_id) {
    for (int i = 0; i < secrets->count; i++) {
        if (secrets->items[i].key_id == key_id) {
            return &secrets->items[i];
        }
    }
    return NULL;
}

void leg_seal(struct leg *leg, const struct leg_secrets *secrets, uint16_t partition,
              struct slice key, struct slice value, uint8_t envelope[LEG_ENVELOPE_LEN]) {
    CHECK(secrets->count > 0);
    const struct leg_secret *secret = newest(secrets);
    leg->version = LEG_VERSION;
    leg->key_id = secret->key_id;
    envelope[0] = leg->version;
    put_number(envelope + KEY_ID_AT, leg->key_id, 4);
    envelope[KIND_AT] = leg->kind;
    put_number(envelope + ORIGIN_AT, leg->origin, 2);
    put_number(envelope + STEP_AT, (uint32_t)leg->step, 4);
    compute_mac(secret, (struct slice){envelope, LEG_ENVELOPE_LEN}, partition, key, value,
                envelope + MAC_AT);
}

/* Only a leg whose MAC is good speaks at all. */
static bool authentic(const struct record *record, const struct leg_secrets *secrets,
                      uint16_t partition) {
    const uint8_t *envelope = record->leg.at;
    if (record->leg.len < KIND_AT || record->leg.len > LEG_ENVELOPE_MAX ||
        record->key.len > LEG_KEY_MAX || record->value.len > COMMAND_JSON_MAX) {
        return false;
    }
    uint32_t key_id = (uint32_t)get_number(envelope + KEY_ID_AT, 4);
    const struct leg_secret *secret = find_secret(secrets, key_id);
    if (secret == NULL) {
        return false;
    }
    uint8_t mac[32];
    compute_mac(secret, record->leg, partition, record->key, record->value, mac);
    return digest_equal(mac, envelope + MAC_AT, sizeof mac);
}

enum leg_verdict leg_open(const struct record *record, const struct leg_secrets *secrets,
                          uint16_t partition, struct leg *leg) {
    if (!authentic(record, secrets, partition)) {
        return LEG_FORGED;
    }
    const uint8_t *envelope = record->leg.at;
    leg->version = envelope[0];
    leg->key_id = (uint32_t)get_number(envelope + KEY_ID_AT, 4);
    if (leg->version != LEG_VERSION || record->leg.len != LEG_ENVELOPE_LEN) {
        return LEG_NEWER;
    }
    leg->kind = envelope[KIND_AT];
    leg->origin = (uint16_t)get_number(envelope + ORIGIN_AT, 2);
    leg->step = (int32_t)(uint32_t)get_number(envelope + STEP_AT, 4);
    return leg->kind >= LEG_TICK && leg->kind <= LEG_CHUNK ? LEG_GOOD : LEG_NEWER;
}
