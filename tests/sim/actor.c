#include "tests/sim/actor.h"

#include <string.h>

#include "common/check.h"
#include "consumer/core/trace.h"
#include "tests/sim/commit.h"
#include "tests/sim/courier.h"

static void clear_seat(struct seat *seat) {
    seat->is_held = false;
    seat->is_applied = false;
    seat->away = NULL;
    seat->has_landed = false;
}

void actor_start(struct sim *sim, struct actor *actor) {
    uint64_t random[2] = {prng_next(&sim->prng), prng_next(&sim->prng)};
    memcpy(actor->owner.bytes, random, sizeof random);
    for (uint16_t i = 0; i < sim->lanes; i++) {
        struct seat *seat = &actor->seats[i];
        seat->lane = seat->machines[sim->lanes - 1];
        clear_seat(seat);
        seat->tenure = 0;
        seat->queue_count = 0;
        seat->parcels_count = 0;
    }
}

void actor_crash(struct sim *sim, struct actor *actor) {
    sim_tell(sim, "worker %td dies\n", actor - sim->actors);
    actor_start(sim, actor);
}

void actor_leave(struct sim *sim, struct actor *actor, uint16_t lane, const char *why) {
    sim_tell(sim, "worker %td loses lane %u: %s\n", actor - sim->actors, lane, why);
    clear_seat(&actor->seats[lane]);
}

void actor_take(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    const struct tape *tape = &sim->tapes[lane];
    const struct lane_row *row = memory_store_take(&sim->stores[lane], &actor->owner);
    sim_tell(sim, "worker %td takes lane %u: epoch %lld, next %lld, published %lld\n",
             actor - sim->actors, lane, (long long)row->epoch, (long long)row->next_offset,
             (long long)row->published_offset);
    if (!lane_begin(seat->lane, row, 0, tape->end)) {
        sim_fail(sim, "lane %u cannot begin: %s", lane, lane_stop_detail(seat->lane));
        return;
    }
    memory_store_start(&sim->stores[lane], seat->lane);
    clear_seat(seat);
    seat->is_held = true;
    seat->tenure++;
    seat->cursor = tape_find(tape, lane_read_from(seat->lane));
    seat->read_to = row->next_offset;
    seat->taken_to = 0;
    courier_begin(seat, row->published_offset);
}

/* Records arrive in order; now and then some of them once more. */
static void fetch(struct sim *sim, struct seat *seat, uint16_t lane) {
    const struct tape *tape = &sim->tapes[lane];
    if (sim_chance(sim, 40)) {
        uint64_t back = sim_dice(sim, 4);
        seat->cursor -= seat->cursor > back && seat->cursor - back > 0 ? back : 0;
    }
    uint64_t most = 1 + sim_dice(sim, 6);
    while (most-- > 0 && seat->queue_count < SIM_QUEUE_MAX && seat->cursor < tape->count) {
        seat->queue[seat->queue_count++] = (struct fetched){seat->cursor++, seat->tenure};
    }
}

/* What an older tenure has fetched is thrown away. */
static bool is_stale(const struct seat *seat, const struct fetched *fetched) {
    return fetched->tenure != seat->tenure;
}

static void offer(struct sim *sim, struct seat *seat, uint16_t lane) {
    size_t done = 0;
    while (done < seat->queue_count) {
        const struct fetched *fetched = &seat->queue[done];
        const struct record *record = &sim->tapes[lane].records[fetched->index].record;
        enum lane_offer answer =
            is_stale(seat, fetched) ? LANE_DROPPED : lane_offer(seat->lane, record);
        if (answer == LANE_FULL) {
            break;
        }
        if (answer == LANE_STOPPED) {
            sim_fail(sim, "lane %u stops: %s", lane, lane_stop_detail(seat->lane));
            return;
        }
        if (answer == LANE_TAKEN && record->offset < seat->taken_to) {
            sim_fail(sim, "lane %u takes a record twice in one tenure", lane);
            return;
        }
        if (answer == LANE_TAKEN) {
            seat->read_to = record->offset + 1;
            seat->taken_to = seat->read_to;
        }
        done++;
    }
    seat->queue_count -= done;
    memmove(seat->queue, seat->queue + done, seat->queue_count * sizeof seat->queue[0]);
}

/* False: the worker is dead, or has lost the lane. */
static bool load(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    if (!commit_finish(sim, actor, lane)) {
        return false;
    }
    if (sim_chance(sim, 200)) {
        actor_crash(sim, actor);
        return false;
    }
    if (sim_chance(sim, 200) && sim->has_backup[lane]) {
        sim_tell(sim, "the database of lane %u loses its last commits\n", lane);
        memory_store_copy(&sim->stores[lane], &sim->backups[lane]);
    }
    if (!memory_store_holds(&sim->stores[lane], lane_row(seat->lane))) {
        actor_leave(sim, actor, lane, "a read finds another owner");
        return false;
    }
    if (sim->story != NULL) {
        strbuf_reset(&sim->text);
        trace_wants(lane_wants(seat->lane), &sim->text);
        sim_tell(sim, "%s", sim->text.text == NULL ? "" : sim->text.text);
    }
    memory_store_load(&sim->stores[lane], seat->lane);
    return true;
}

static void apply(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    for (;;) {
        switch (lane_apply(seat->lane)) {
        case LANE_MISSING:
            if (!load(sim, actor, lane)) {
                return;
            }
            break;
        case LANE_APPLIED: seat->is_applied = true; return;
        case LANE_HALTED:
            sim_fail(sim, "lane %u halts: %s", lane, lane_stop_detail(seat->lane));
            return;
        }
    }
}

void actor_step(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    if (seat->is_applied) {
        commit_batch(sim, actor, lane);
        return;
    }
    if (seat->parcels_count > SIM_PARCELS_MAX / 2) {
        return; /* too much waits for the broker */
    }
    if (commit_is_open(seat) && sim_dice(sim, 3) == 0) {
        (void)commit_finish(sim, actor, lane);
        return;
    }
    fetch(sim, seat, lane);
    offer(sim, seat, lane);
    if (!sim->has_failed && lane_backlog(seat->lane) > 0) {
        apply(sim, actor, lane);
    } else if (lane_tick_wanted(seat->lane, sim->clients.now_ms)) {
        courier_tick(sim, lane);
    }
}

bool actor_deliver(struct sim *sim, struct actor *actor, uint16_t lane) {
    return courier_deliver(sim, &actor->seats[lane], lane);
}
