/* The modelled commands topic: one tape per lane. A record stays where it is, has the broker's
 * time, and says of itself what it is, so that nobody has to ask the code under test. */
#ifndef TELLER_SIM_TAPE_H
#define TELLER_SIM_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/command.h"
#include "common/outcome.h"
#include "common/record.h"
#include "common/strbuf.h"
#include "consumer/core/batch.h"
#include "consumer/core/leg.h"

#define TAPE_RECORDS_MAX 1024
#define TAPE_VALUE_MAX 1024
#define TAPE_MEMBERS_MAX 4

enum tape_kind {
    TAPE_COMMAND, /* a client's command, in the right lane */
    TAPE_POISON,  /* a client's record that no one can apply; `reason` says why */
    TAPE_LEG,     /* written by a worker */
    TAPE_TICK,    /* likewise */
    TAPE_FORGED,  /* a leg that no worker wrote so */
};

struct tape_record {
    struct record record; /* its bytes are the arrays below */
    enum tape_kind kind;
    char key[IDENT_MAX + 1];
    char value[TAPE_VALUE_MAX];
    uint8_t envelope[LEG_ENVELOPE_LEN];
    struct command command; /* of a COMMAND */
    struct command_member members[TAPE_MEMBERS_MAX];
    enum outcome reason;    /* of POISON */
    struct leg_message leg; /* of a LEG */
};

struct tape {
    struct tape_record *records; /* TAPE_RECORDS_MAX */
    size_t count;
    int64_t end; /* offset behind the last record */
};

/* False when out of memory. */
bool tape_init(struct tape *tape);
void tape_close(struct tape *tape);
void tape_reset(struct tape *tape);

bool tape_is_full(const struct tape *tape);

/* The index of the first record at or behind that offset; count: there is none. */
size_t tape_find(const struct tape *tape, int64_t offset);

/* Appends `record` without its bytes' place: key and value are copied, offset and time set. `gap`:
 * offsets that are passed over before it, as transaction markers would. */
struct tape_record *tape_append(struct tape *tape, enum tape_kind kind, int64_t at_ms, int64_t gap,
                                struct slice key, struct slice value);

/* Gives the record a leg's envelope. */
void tape_sign(struct tape_record *record, const struct leg *leg, const struct leg_secrets *secrets,
               uint16_t partition);

/* "@12 deposit a3 {...}" */
void tape_tell(const struct tape_record *record, struct strbuf *out);

#endif
