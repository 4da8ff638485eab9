/* Legs: internal records by which a lane tells a lane (itself included) what to do next. They
 * travel in the commands topic, so they carry proof that a worker wrote them.
 *
 * Envelope, one header `teller-leg`, big-endian:
 *   0       version (1)
 *   1-32    HMAC-SHA256
 *   33-36   key id of the secret
 *   37      kind
 *   38-39   origin lane
 *   40-43   step
 * The MAC is over a domain string, the version, the envelope behind the MAC, the target
 * partition, key and value, each length-prefixed. In every version to come the version, MAC and
 * key id keep their place, the envelope stays within LEG_ENVELOPE_MAX and the value within a
 * command's size: a worker can authenticate a leg that it does not understand, and must then
 * stop, not pass over it. */
#ifndef TELLER_CORE_LEG_H
#define TELLER_CORE_LEG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/record.h"
#include "common/slice.h"

#define LEG_VERSION 1
#define LEG_ENVELOPE_LEN 44
#define LEG_ENVELOPE_MAX 256
#define LEG_SECRET_LEN 32
#define LEG_SECRETS_MAX 64

/* What the target is asked to do. The number is signed: it never changes. */
enum leg_kind {
    LEG_TICK = 1,   /* look at your lane time; no body */
    LEG_CREDIT = 2, /* credit the account, or refuse */
    LEG_RETURN = 3, /* a credit was refused: take the money back */
    LEG_SELL = 4,   /* sell or reserve units of the product, or refuse */
    LEG_SETTLE = 5, /* end the hold of a sale: capture the amount, release the rest */
    LEG_CANCEL = 6, /* cancel a subscription */
    LEG_CHUNK = 7,  /* go on with an allotment */
};

struct leg_secret {
    uint32_t key_id;
    uint8_t bytes[LEG_SECRET_LEN];
};

/* All secrets of the ledger, old ones too; the highest key id signs. */
struct leg_secrets {
    struct leg_secret items[LEG_SECRETS_MAX];
    int count;
};

struct leg {
    uint8_t version;
    uint8_t kind;
    uint16_t origin;
    int32_t step;
    uint32_t key_id;
};

enum leg_verdict {
    LEG_GOOD,
    LEG_FORGED, /* no such secret, wrong MAC, or too short to be an envelope */
    LEG_NEWER,  /* authentic, but of a version or kind that this worker does not know */
};

/* Writes the envelope of a leg to `partition`. leg->version and key_id are filled in. */
void leg_seal(struct leg *leg, const struct leg_secrets *secrets, uint16_t partition,
              struct slice key, struct slice value, uint8_t envelope[LEG_ENVELOPE_LEN]);

/* Checks the envelope of a record that was read from `partition`. */
enum leg_verdict leg_open(const struct record *record, const struct leg_secrets *secrets,
                          uint16_t partition, struct leg *leg);

#endif
