/* The membership thread: keeps the worker in its consumer group, knows which lanes the group gives
 * it, and mirrors their positions once a second for lag tools. */
#ifndef TELLER_RUNTIME_MEMBER_H
#define TELLER_RUNTIME_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "consumer/adapters/membership.h"
#include "consumer/runtime/board.h"

struct member;

/* Joins the group and starts the thread. What the options point to and the board outlive the
 * member. NULL: *err says why. */
struct member *member_new(const struct membership_options *options, const struct board *board,
                          struct err *err);

/* Mirrors the last positions, leaves the group and ends the thread. */
void member_free(struct member *member);

/* Copies the assignment into assigned[lanes_count] and returns its number: 0 before the first one.
 * Any thread. */
uint64_t member_assignment(struct member *member, bool *assigned);

/* True: the group will not have us (*err, ERR_OPERATOR). Any thread. */
bool member_failed(struct member *member, struct err *err);

#endif
