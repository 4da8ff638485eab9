#include "consumer/runtime/tenancy.h"

#include <string.h>

#include "common/check.h"

#define TAKE_BACKOFF_FIRST_MS 50
#define TAKE_BACKOFF_MAX_MS 5000
#define LASTING_MS 10000    /* a lane held for so long was not in trouble */
#define FENCED_WAIT_MS 1000 /* and as much again at random: two owners must not keep step */

void tenancy_init(struct tenancy *tenancy) {
    *tenancy = (struct tenancy){.state = TENANCY_ABSENT, .writer = -1};
    backoff_init(&tenancy->backoff, TAKE_BACKOFF_FIRST_MS, TAKE_BACKOFF_MAX_MS);
}

/* Where a lane goes that is in nobody's hands: back to be taken, if it should be ours. */
static void rest(struct tenancy *tenancy, int64_t due_ms) {
    tenancy->state = tenancy->assigned ? TENANCY_DUE : TENANCY_ABSENT;
    tenancy->has_epoch = tenancy->has_epoch && tenancy->assigned;
    tenancy->due_ms = due_ms;
    tenancy->writer = -1;
}

void tenancy_assign(struct tenancy *tenancy, bool assigned, int64_t now_ms) {
    if (tenancy->assigned == assigned) {
        return;
    }
    tenancy->assigned = assigned;
    tenancy->losses = 0;
    switch (tenancy->state) {
    case TENANCY_ABSENT:
    case TENANCY_DUE:
    case TENANCY_STOPPED:
        backoff_reset(&tenancy->backoff);
        rest(tenancy, now_ms);
        return;
    case TENANCY_HELD:     /* tenancy_wants_recall */
    case TENANCY_RECALLED: /* the writer answers first */
    case TENANCY_SETTLING: return;
    }
}

bool tenancy_wants_take(const struct tenancy *tenancy, int64_t now_ms) {
    return tenancy->state == TENANCY_DUE && now_ms >= tenancy->due_ms;
}

bool tenancy_wants_recall(const struct tenancy *tenancy) {
    return tenancy->state == TENANCY_HELD && !tenancy->assigned;
}

void tenancy_taken(struct tenancy *tenancy, bool is_ours, int64_t epoch) {
    CHECK(tenancy->state == TENANCY_DUE);
    tenancy->has_epoch = is_ours;
    tenancy->epoch = epoch;
}

void tenancy_held(struct tenancy *tenancy, int writer, int64_t now_ms) {
    CHECK(tenancy->state == TENANCY_DUE && tenancy->has_epoch);
    tenancy->state = TENANCY_HELD;
    tenancy->writer = writer;
    tenancy->held_ms = now_ms;
}

void tenancy_take_failed(struct tenancy *tenancy, int64_t now_ms, struct prng *prng) {
    CHECK(tenancy->state == TENANCY_DUE);
    rest(tenancy, now_ms + backoff_next_ms(&tenancy->backoff, prng));
}

void tenancy_recalled(struct tenancy *tenancy) {
    CHECK(tenancy->state == TENANCY_HELD);
    tenancy->state = TENANCY_RECALLED;
}

static void check_in_hands(const struct tenancy *tenancy) {
    CHECK(tenancy->state == TENANCY_HELD || tenancy->state == TENANCY_RECALLED);
}

void tenancy_returned(struct tenancy *tenancy, int64_t now_ms) {
    check_in_hands(tenancy);
    tenancy->state = TENANCY_SETTLING;
    tenancy->due_ms = now_ms + TENANCY_SETTLE_MS;
    tenancy->writer = -1;
}

void tenancy_lost(struct tenancy *tenancy, int64_t now_ms, struct prng *prng) {
    check_in_hands(tenancy);
    if (now_ms - tenancy->held_ms >= LASTING_MS) {
        backoff_reset(&tenancy->backoff);
    }
    rest(tenancy, now_ms + backoff_next_ms(&tenancy->backoff, prng));
}

/* Remembers a loss; true when the oldest of the last few is still within the window. */
static bool lost_too_often(struct tenancy *tenancy, int64_t now_ms) {
    if (tenancy->losses == TENANCY_LOSSES_MAX) {
        memmove(tenancy->losses_ms, tenancy->losses_ms + 1,
                (TENANCY_LOSSES_MAX - 1) * sizeof *tenancy->losses_ms);
        tenancy->losses--;
    }
    tenancy->losses_ms[tenancy->losses++] = now_ms;
    return tenancy->losses == TENANCY_LOSSES_MAX &&
           now_ms - tenancy->losses_ms[0] <= TENANCY_LOSSES_WINDOW_MS;
}

bool tenancy_fenced(struct tenancy *tenancy, int64_t now_ms, struct prng *prng) {
    tenancy->has_epoch = false;
    if (tenancy->assigned && lost_too_often(tenancy, now_ms)) {
        tenancy_stopped(tenancy);
        return false;
    }
    rest(tenancy, now_ms + FENCED_WAIT_MS + (int64_t)prng_below(prng, FENCED_WAIT_MS));
    return true;
}

void tenancy_stopped(struct tenancy *tenancy) {
    tenancy->state = tenancy->assigned ? TENANCY_STOPPED : TENANCY_ABSENT;
    tenancy->has_epoch = false;
    tenancy->writer = -1;
}

void tenancy_settled(struct tenancy *tenancy, int64_t now_ms) {
    CHECK(tenancy->state == TENANCY_SETTLING);
    tenancy->has_epoch = false;
    rest(tenancy, now_ms);
}
