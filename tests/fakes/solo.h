/* One lane machine of any size between a log and a store in memory, for tests that count what it
 * does with many records: what they say is not traced (world.h does that). */
#ifndef TELLER_FAKES_SOLO_H
#define TELLER_FAKES_SOLO_H

#include "tests/fakes/memory_store.h"

#define SOLO_TEXT_MAX 1536

struct solo_record {
    struct record record;
    char key[IDENT_MAX + 1];
    char value[SOLO_TEXT_MAX];
    uint8_t envelope[LEG_ENVELOPE_LEN];
};

struct solo {
    struct leg_secrets secrets;
    struct memory_store store;
    struct lane *lane;
    uint16_t number;
    struct solo_record **log; /* by offset */
    size_t log_count;
    int64_t next; /* offset to offer */
    int64_t now_ms;
};

/* Lane `number` of so many, taken, with an empty store. *solo must stay where it is. */
void solo_open(struct solo *solo, const struct lane_limits *limits, uint16_t number,
               uint16_t lanes);
void solo_close(struct solo *solo);

/* The smallest limits that lane.h allows for that many records. */
struct lane_limits solo_least(uint32_t records);

/* A command's JSON with quotes as ', keyed by that account or product. */
void solo_command(struct solo *solo, const char *key, const char *json, ...)
    __attribute__((format(printf, 3, 4)));

/* A leg to this lane; no body for a tick. */
void solo_leg(struct solo *solo, const struct leg *leg, const struct leg_body *body);

/* Offers all that fits, loads, applies: the open batch. */
const struct batch *solo_apply(struct solo *solo);

/* Commits it. Legs to the own lane are put into the log, others are dropped. */
void solo_commit(struct solo *solo);

/* Both, until the log is applied to its end. Returns how many batches it took. */
int solo_run(struct solo *solo);

#endif
