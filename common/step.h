/* Which part of a command a journal row is. Stored, signed into legs, part of the dedupe key:
 * these numbers never change. */
#ifndef TELLER_COMMON_STEP_H
#define TELLER_COMMON_STEP_H

enum step {
    STEP_CLIENT = 0,   /* the client's own record, in its own lane */
    STEP_CREDIT = 1,   /* receiver's lane: transfer, capture with `to`, sale (the seller) */
    STEP_RETURN = 2,   /* first lane: the credit was refused, the money is back */
    STEP_SELL = 3,     /* product's lane: purchase or subscription accepted or refused */
    STEP_SETTLE = 4,   /* account's lane: total captured, rest released */
    STEP_CANCEL = 5,   /* product's lane: unsubscribe */
    STEP_MEMBER = 16,  /* 16 .. 31: members of a group, in order */
    STEP_EXPIRY = 32,  /* a hold ended by lane time; the id is the hold's */
    STEP_REVERSAL = 33, /* the claim of a reverse; the id is the reversed command's */
    STEP_TICK = 34,    /* looks at lane time; journals nothing itself */
    STEP_CHUNK = 65536, /* and up: chunks of an allotment */
};

#endif
