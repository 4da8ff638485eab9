/* The reference model: what the tapes must lead to. It reads each tape record by record and writes
 * down what each command comes to, with nothing of the lane machine in it: no batches, no crashes,
 * no memory that could be too small, and no authenticity to check, since tape records say
 * themselves what they are. A lane's tape is all that it knows of a lane; legs that it expects a
 * lane to send are compared with those that were sent. */
#ifndef TELLER_SIM_ORACLE_H
#define TELLER_SIM_ORACLE_H

#include "tests/fakes/memory_store.h"
#include "tests/sim/clients.h"

#define ORACLE_LEGS_MAX 4096

/* What a record of a tape is answered with. */
enum oracle_answer {
    ORACLE_SILENCE,  /* nothing: a leg or a tick in the middle of things */
    ORACLE_FIRST,    /* the answer to a command */
    ORACLE_REPEATED, /* the same again */
    ORACLE_CONFLICT, /* an id with two payloads: refused, and quarantined */
    ORACLE_POISON,   /* quarantined */
    ORACLE_FINAL,    /* a leg that ends a command */
};

struct oracle_verdict {
    enum oracle_answer answer;
    enum outcome reason; /* of POISON */
    size_t of;           /* FIRST, REPEATED, FINAL: index of the case */
    bool is_answered;    /* for whoever ticks off: a result was sent */
    bool is_buried;      /* likewise: a dead letter */
};

/* A command whose client has claimed its id. */
struct oracle_case {
    struct uuid id;
    uint16_t origin;
    size_t record;      /* index in the tape of its lane */
    enum outcome first; /* outcome of its own step */
    bool is_over;
    enum outcome last; /* once it is over */
    bool is_told;      /* for whoever ticks off: its client knows the end */
};

struct oracle_leg {
    struct leg_message message;
    bool is_sent;  /* for whoever ticks off */
    bool is_taken; /* its lane has read it */
};

struct oracle_lane {
    struct memory_store books;
    struct oracle_verdict verdicts[TAPE_RECORDS_MAX]; /* by index in the tape */
    size_t read;                                      /* records of the tape */
};

struct oracle {
    const struct tape *tapes;
    uint16_t lanes;
    struct oracle_lane lane[CLIENTS_LANES_MAX];
    struct oracle_case cases[CLIENTS_LANES_MAX * TAPE_RECORDS_MAX];
    size_t cases_count;
    struct oracle_leg legs[ORACLE_LEGS_MAX];
    size_t legs_count;
    struct memory_store scratch;
};

void oracle_reset(struct oracle *oracle, const struct tape *tapes, uint16_t lanes);
void oracle_close(struct oracle *oracle);

/* Reads the lane's tape up to that offset, exclusive. Never goes back. */
void oracle_read(struct oracle *oracle, uint16_t lane, int64_t offset);

/* NULL: no lane has a reason to send this. */
struct oracle_leg *oracle_find_leg(struct oracle *oracle, const struct leg_message *message);

/* Money that has left one lane and not reached the next, by what the legs say. */
money_wide oracle_in_flight(const struct oracle *oracle, const struct asset *asset);

#endif
