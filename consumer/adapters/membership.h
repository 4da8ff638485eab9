/* Which lanes are ours: a member of the consumer group that reads nothing, only takes part in its
 * rebalances and writes our positions where lag tools look for them.
 *
 * All functions belong to one thread, membership_wake excepted. That thread must call
 * membership_poll at least every few seconds: it is what keeps the membership alive.
 *
 * range and roundrobin assignors revoke everything at each rebalance. So a revoke changes nothing
 * here; the next assignment does, as a difference. Only when the assignment is lost (session
 * expired, fatal error) are the lanes gone at once. */
#ifndef TELLER_ADAPTERS_MEMBERSHIP_H
#define TELLER_ADAPTERS_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"

struct membership;

struct membership_options {
    const struct kafka_settings *kafka;
    const char *topic; /* of commands */
    const char *group_id;
    int session_timeout_ms; /* 0: 6000; the broker's group.min.session.timeout.ms is the floor */
};

/* The lanes as of the last poll. `number` moves with every assignment and loss, and starts at 0,
 * before the first one. lanes is in ascending order and borrowed until the next poll. */
struct membership_assignment {
    uint64_t number;
    const uint16_t *lanes;
    size_t count;
};

/* One lane's position for lag tools. */
struct membership_offset {
    uint16_t lane;
    int64_t next_offset;
};

struct membership_counters {
    uint64_t assigned; /* rebalances by kind */
    uint64_t revoked;
    uint64_t lost;
    uint64_t commits_failed; /* of mirrored offsets; harmless, the next one repeats them */
};

/* NULL: *err says why. Joins as soon as a broker answers. */
struct membership *membership_new(const struct membership_options *options, struct err *err);

/* Leaves the group, so that others need not wait for the session to expire; at most some seconds
 * where no broker answers. */
void membership_free(struct membership *member);

/* Takes part in the group's life for up to timeout_ms; returns early when the assignment has
 * changed (true) or on a wake. */
bool membership_poll(struct membership *member, int timeout_ms);
void membership_wake(struct membership *member);

void membership_current(const struct membership *member, struct membership_assignment *out);

/* True: this member cannot go on (fenced by another with the same group.instance.id, or another
 * fatal error); *err (ERR_OPERATOR) says why. */
bool membership_failed(const struct membership *member, struct err *err);

/* Tells the group coordinator our positions; does not wait. A failure is only counted. */
void membership_mirror(struct membership *member, const struct membership_offset *offsets,
                       size_t count);

const struct membership_counters *membership_counters(const struct membership *member);

#endif
