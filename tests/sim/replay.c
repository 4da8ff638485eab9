#include "tests/sim/replay.h"

#include "common/check.h"
#include "tests/sim/judge.h"

/* On the last worker's machine and the store of the backups: both are free by now. */
static void replay_batch(struct sim *sim, struct lane *machine, struct memory_store *store) {
    while (lane_apply(machine) == LANE_MISSING) {
        memory_store_load(store, machine);
    }
    if (!memory_store_commit(store, lane_batch(machine))) {
        sim_fail(sim, "a replay is fenced");
    }
    lane_committed(machine);
}

static void offer(struct sim *sim, struct lane *machine, const struct tape *tape, size_t *at) {
    uint64_t most = 1 + sim_dice(sim, 5);
    while (most-- > 0 && *at < tape->count) {
        if (lane_offer(machine, &tape->records[*at].record) == LANE_FULL) {
            return;
        }
        (*at)++;
    }
}

void replay_lane(struct sim *sim, uint16_t lane) {
    struct actor *actor = &sim->actors[SIM_ACTORS - 1];
    struct lane *machine = actor->seats[lane].machines[sim->lanes - 1];
    struct memory_store *store = &sim->backups[lane];
    const struct tape *tape = &sim->tapes[lane];
    memory_store_reset(store, lane);
    const struct lane_row *row = memory_store_take(store, &actor->owner);
    if (!lane_begin(machine, row, 0, tape->end)) {
        sim_fail(sim, "a replay cannot begin: %s", lane_stop_detail(machine));
        return;
    }
    memory_store_start(store, machine);
    size_t at = 0;
    while ((at < tape->count || lane_backlog(machine) > 0) && !sim->has_failed) {
        offer(sim, machine, tape, &at);
        replay_batch(sim, machine, store);
    }
    judge_books(sim, lane, store, &sim->stores[lane], "what was replayed");
}
