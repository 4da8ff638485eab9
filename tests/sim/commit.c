#include "tests/sim/commit.h"

#include "consumer/core/lane_flight.h"
#include "consumer/core/trace.h"
#include "tests/sim/actor.h"
#include "tests/sim/courier.h"
#include "tests/sim/judge.h"

static void tell_batch(struct sim *sim, struct actor *actor, uint16_t lane) {
    if (sim->story != NULL) {
        strbuf_reset(&sim->text);
        trace_batch(actor->seats[lane].lane, &sim->text);
        sim_tell(sim, "worker %td commits lane %u:\n%s", actor - sim->actors, lane, sim->text.text);
    }
}

/* The database's side. False: fenced. */
static bool store(struct sim *sim, const struct seat *seat, const struct batch *made) {
    uint16_t lane = made->after.lane;
    struct batch batch = *made;
    if (seat->published > batch.after.published_offset) {
        batch.after.published_offset = seat->published;
    }
    if (!memory_store_commit(&sim->stores[lane], &batch)) {
        return false;
    }
    oracle_read(&sim->oracle, lane, batch.after.next_offset);
    judge_batch(sim, lane, &batch);
    if (sim_chance(sim, 6)) {
        memory_store_copy(&sim->backups[lane], &sim->stores[lane]);
        sim->has_backup[lane] = true;
    }
    return true;
}

static void post(struct sim *sim, struct seat *seat, const struct batch *batch) {
    for (size_t i = 0; i < batch->outputs_count && !sim->has_failed; i++) {
        judge_output(sim, batch->after.lane, batch, &batch->outputs[i]);
        courier_post(sim, seat, batch, &batch->outputs[i]);
    }
}

static void reload_fence(struct sim *sim, struct seat *seat, uint16_t lane) {
    if (!commit_is_open(seat) && lane_fence_old(seat->lane)) {
        lane_fence_reload(seat->lane);
        memory_store_start(&sim->stores[lane], seat->lane);
    }
}

static void publish(struct sim *sim, struct seat *seat, uint16_t lane) {
    const struct batch *batch = lane_batch(seat->lane);
    bool moved = batch->after.next_offset > batch->old_offset;
    post(sim, seat, batch);
    lane_committed(seat->lane);
    seat->is_applied = false;
    if (lane_backlog(seat->lane) == 0) {
        courier_mark(seat, seat->read_to);
    } else if (moved) {
        courier_mark(seat, lane_row(seat->lane)->next_offset);
    }
    reload_fence(sim, seat, lane);
}

static void publish_landed(struct sim *sim, struct seat *seat, uint16_t lane) {
    post(sim, seat, lane_landed_batch(seat->lane));
    lane_released(seat->lane);
    seat->has_landed = false;
    courier_mark(seat, seat->landed_to);
    reload_fence(sim, seat, lane);
}

/* What may become of a COMMIT: it fails, or its answer is lost, or the worker is. A batch that only
 * answers again needs no transaction. True: the worker knows that it is durable. */
static bool run(struct sim *sim, struct actor *actor, const struct batch *batch, bool is_done) {
    uint16_t lane = batch->after.lane;
    if (!is_done && sim_chance(sim, 24)) {
        actor_leave(sim, actor, lane, "its transaction fails");
        return false;
    }
    if (sim_chance(sim, 60)) {
        actor_crash(sim, actor);
        return false;
    }
    bool moves = batch->old_offset != batch->after.next_offset;
    if (!is_done && moves && !store(sim, &actor->seats[lane], batch)) {
        actor_leave(sim, actor, lane, "fenced");
        return false;
    }
    if (sim->has_failed) {
        return false;
    }
    if (sim_chance(sim, 24)) {
        actor_leave(sim, actor, lane, "the answer to its commit is lost");
        return false;
    }
    if (sim_chance(sim, 60)) {
        actor_crash(sim, actor);
        return false;
    }
    return true;
}

/* The server may be done long before its answer is read. */
static void launch(struct sim *sim, struct seat *seat) {
    seat->is_applied = false;
    seat->away = lane_launch(seat->lane);
    seat->away_to = seat->read_to;
    seat->is_done = sim_dice(sim, 2) == 0 && store(sim, seat, seat->away);
}

static bool land(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    if (seat->away == NULL) {
        return true;
    }
    if (!run(sim, actor, seat->away, seat->is_done)) {
        return false;
    }
    lane_landed(seat->lane);
    seat->away = NULL;
    seat->has_landed = true;
    seat->landed_to = seat->away_to;
    return true;
}

bool commit_is_open(const struct seat *seat) {
    return seat->away != NULL || seat->has_landed;
}

bool commit_finish(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    if (!land(sim, actor, lane)) {
        return false;
    }
    if (seat->has_landed) {
        publish_landed(sim, seat, lane);
    }
    return !sim->has_failed;
}

void commit_batch(struct sim *sim, struct actor *actor, uint16_t lane) {
    struct seat *seat = &actor->seats[lane];
    if (!land(sim, actor, lane)) {
        return;
    }
    tell_batch(sim, actor, lane);
    if (lane_may_launch(seat->lane) && sim_dice(sim, 2) == 0) {
        launch(sim, seat);
        if (!sim->has_failed && seat->has_landed) {
            publish_landed(sim, seat, lane);
        }
    } else if (commit_finish(sim, actor, lane) && run(sim, actor, lane_batch(seat->lane), false)) {
        publish(sim, seat, lane);
    }
}
