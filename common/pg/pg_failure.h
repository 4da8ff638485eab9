/* What the database answered, and what to do next: decided by SQLSTATE alone (PostgreSQL manual,
 * appendix A), never by the text of a message. */
#ifndef TELLER_PG_FAILURE_H
#define TELLER_PG_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

/* SQLSTATEs of our own; schemas/db raises them, but for the first, which this program makes. */
#define PG_STATE_STORED "TL000" /* what is stored breaks the rules that it was stored under */
#define PG_STATE_FENCED "TL001" /* a lane row did not match owner, epoch and offset */
#define PG_STATE_ROWS "TL002"   /* an UPDATE met fewer rows than memory said there are */

enum pg_answer {
    PG_DONE,    /* the server did what it was asked */
    PG_FENCED,  /* somebody else owns a lane: everything was rolled back */
    PG_LOST,    /* no answer: connect again, and take the lanes again; see `unknown` */
    PG_RETRY,   /* the server says not now, all rolled back: connect, take again, back off */
    PG_REFUSED, /* it will not pass by itself: a constraint, a privilege, a bug of ours */
};

#define PG_DETAIL_MAX 512

struct pg_failure {
    enum pg_answer answer;
    char sqlstate[6];           /* "" where the server said nothing */
    bool unknown;               /* the transaction may have been committed */
    char detail[PG_DETAIL_MAX]; /* the server's DETAIL; of PG_FENCED "3,17": the lanes lost */
    struct err err;             /* for people; kind by what a program should do */
};

#define PG_FAILURE_INIT                                                                            \
    { .answer = PG_DONE, .sqlstate = "", .detail = "", .err = ERR_INIT }

/* The answer that a SQLSTATE stands for; NULL or "": the connection is gone. */
enum pg_answer pg_failure_class(const char *sqlstate);

/* Fills *failure from a SQLSTATE, message and detail (each may be NULL). Returns the answer. */
enum pg_answer pg_failure_set(struct pg_failure *failure, const char *sqlstate, const char *message,
                              const char *detail);

/* True when a PG_FENCED failure names this lane. */
bool pg_failure_names_lane(const struct pg_failure *failure, uint16_t lane);

#endif
