/* What a leg says: the value of an internal record by which one lane tells another (or itself) the
 * next step of a command. It is written by workers only and its envelope is authenticated
 * (consumer/core/leg.h), so a body that does not decode is one of a newer version. */
#ifndef TELLER_COMMON_LEG_BODY_H
#define TELLER_COMMON_LEG_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/command.h"
#include "common/outcome.h"
#include "common/strbuf.h"

struct leg_body {
    struct uuid id;         /* of the command whose money or units move */
    enum command_type type; /* of that command */
    struct ident target;    /* account or product in the target lane; also the record's key */
    struct ident client;    /* account of the client's record: who is answered */
    struct ident seller;    /* settlement: who is credited next; len 0: nobody */
    struct asset currency;  /* len 0: none */
    int64_t amount;         /* minor units: to credit, return or capture; 0: none */
    int64_t quantity;       /* units */
    int64_t price;          /* minor units of one piece, as the buyer saw it */
    enum outcome reason;    /* why money returns; OUTCOME_APPLIED: it does not */
    struct uuid reference;  /* of an unsubscribe: the subscription */
    int64_t after;          /* chunk: the last subscription that is settled */
    int32_t chunk;          /* chunk: its number, from 0 */
};

/* Appends the body as JSON without blanks; what is 0 or empty is left out. */
void leg_body_encode(const struct leg_body *body, struct strbuf *out);

/* Reads what leg_body_encode writes, blanks and the order of fields apart. False: not a body of
 * this version, which knows no other field. Thread-safe; allocates nothing. */
bool leg_body_decode(struct slice json, struct leg_body *out);

#endif
