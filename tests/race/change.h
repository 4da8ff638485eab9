/* What techniques do between BEGIN and COMMIT: to rows that change (change_...), and to a set of
 * rows that may only have so many (change_join_...). All answer DONE, REFUSED, AGAIN (a version has
 * moved) or FAILED (the database said no: session->sqlstate). */
#ifndef TELLER_TESTS_RACE_CHANGE_H
#define TELLER_TESTS_RACE_CHANGE_H

#include "tests/race/technique.h"

/* Reads by technique->read, computes here, writes the result back. */
enum attempt change_read_write(struct session *session, const struct technique *technique,
                               const struct op *op);

/* Takes advisory locks of the rows first. */
enum attempt change_advisory(struct session *session, const struct technique *technique,
                             const struct op *op);

/* Writes back only over the version that was read. */
enum attempt change_version(struct session *session, const struct technique *technique,
                            const struct op *op);

/* value = value + n, with no look at the value. */
enum attempt change_add(struct session *session, const struct technique *technique,
                        const struct op *op);

/* The same, where it stays at or above 0. */
enum attempt change_add_if(struct session *session, const struct technique *technique,
                           const struct op *op);

/* Adds first, looks then, and rolls back what should not be. */
enum attempt change_raise(struct session *session, const struct technique *technique,
                          const struct op *op);

/* reads the cap by technique->read, counts, inserts */
enum attempt change_join_count(struct session *session, const struct technique *technique,
                               const struct op *op);
/* takes the club's advisory lock first */
enum attempt change_join_advisory(struct session *session, const struct technique *technique,
                                  const struct op *op);
/* moves the club's version on */
enum attempt change_join_version(struct session *session, const struct technique *technique,
                                 const struct op *op);
/* takes a place off the club's row, if there is one */
enum attempt change_join_counter(struct session *session, const struct technique *technique,
                                 const struct op *op);
/* inserts, counts, and rolls back beyond the cap */
enum attempt change_join_raise(struct session *session, const struct technique *technique,
                               const struct op *op);

#endif
