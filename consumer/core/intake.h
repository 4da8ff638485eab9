/* Intake: what a record of the log is, before the ledger is asked. Pure; the same bytes in the same
 * partition are always taken the same way. */
#ifndef TELLER_CORE_INTAKE_H
#define TELLER_CORE_INTAKE_H

#include <stdint.h>

#include "common/arena.h"
#include "common/command_json.h"
#include "common/leg_body.h"
#include "common/record.h"
#include "consumer/core/leg.h"

enum intake_kind {
    INTAKE_COMMAND, /* a client's command, valid in itself */
    INTAKE_TICK,    /* our own leg: look at lane time */
    INTAKE_LEG,     /* a leg of another kind: the next step of a command */
    INTAKE_POISON,  /* to be quarantined; `refusal` says why */
    INTAKE_NEWER,   /* authentic, but only a newer worker knows what it means */
};

/* Everything a record is judged against. */
struct intake {
    uint16_t lane;
    uint16_t partitions;
    int32_t rules;
    const struct leg_secrets *secrets;
};

struct decoded {
    struct record record; /* as it was offered; its bytes are the caller's */
    enum intake_kind kind;
    uint8_t hash[COMMAND_HASH_LEN]; /* of a command */
    union {
        struct command command;
        struct {
            struct leg leg;
            struct leg_body body; /* not of a tick */
        };
        struct refusal refusal;
    };
};

/* arena: as command_decode wants it. */
void intake_decode(const struct intake *intake, const struct record *record, struct arena *arena,
                   struct decoded *out);

#endif
