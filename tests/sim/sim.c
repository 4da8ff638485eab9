#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "consumer/core/trace.h"
#include "tests/sim/actor.h"
#include "tests/sim/commit.h"
#include "tests/sim/judge.h"
#include "tests/sim/replay.h"

#define RECORDS 5     /* of one batch */
#define EVENTS 500    /* of the phase with faults */
#define HEAL_MOST 600 /* rounds until all must be quiet */

/* As little memory as the machine allows: batches are small and rows are evicted. */
static const struct lane_limits limits = {
    .records = RECORDS,
    .accounts = 3 * RECORDS + 64,
    .holds = 18 * 64 + WANTS_DUE_MAX + RECORDS,
    .sales = WANTS_CHUNK_MAX + RECORDS + WANTS_PER_RECORD,
    .keys = 24,
};

static bool make_machines(struct sim *sim) {
    for (int a = 0; a < SIM_ACTORS; a++) {
        for (uint16_t lane = 0; lane < CLIENTS_LANES_MAX; lane++) {
            for (uint16_t lanes = (uint16_t)(lane + 1); lanes <= CLIENTS_LANES_MAX; lanes++) {
                struct lane *machine = lane_new(&limits, lane, lanes, &sim->secrets);
                sim->actors[a].seats[lane].machines[lanes - 1] = machine;
                if (machine == NULL) {
                    return false;
                }
            }
        }
    }
    return true;
}

struct sim *sim_new(void) {
    struct sim *sim = calloc(1, sizeof *sim);
    if (sim == NULL) {
        return NULL;
    }
    sim->secrets.count = 1;
    sim->secrets.items[0].key_id = 1;
    memset(sim->secrets.items[0].bytes, 7, LEG_SECRET_LEN);
    sim->text = (struct strbuf)STRBUF_INIT;
    bool made = make_machines(sim);
    for (uint16_t i = 0; i < CLIENTS_LANES_MAX; i++) {
        made = tape_init(&sim->tapes[i]) && made;
    }
    if (made) {
        return sim;
    }
    sim_free(sim);
    return NULL;
}

void sim_free(struct sim *sim) {
    for (int a = 0; a < SIM_ACTORS; a++) {
        for (uint16_t lane = 0; lane < CLIENTS_LANES_MAX; lane++) {
            for (uint16_t lanes = 0; lanes < CLIENTS_LANES_MAX; lanes++) {
                lane_free(sim->actors[a].seats[lane].machines[lanes]);
            }
        }
    }
    for (uint16_t i = 0; i < CLIENTS_LANES_MAX; i++) {
        tape_close(&sim->tapes[i]);
        memory_store_close(&sim->stores[i]);
        memory_store_close(&sim->backups[i]);
    }
    oracle_close(&sim->oracle);
    strbuf_close(&sim->text);
    free(sim);
}

uint64_t sim_dice(struct sim *sim, uint64_t sides) {
    return prng_below(&sim->prng, sides);
}

bool sim_chance(struct sim *sim, uint64_t sides) {
    return !sim->is_healing && sim_dice(sim, sides) == 0;
}

void sim_fail(struct sim *sim, const char *format, ...) {
    if (sim->has_failed) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sim->failure, sizeof sim->failure, format, arguments);
    va_end(arguments);
    sim->has_failed = true;
    sim_tell(sim, "FAILURE: %s\n", sim->failure);
}

void sim_tell(struct sim *sim, const char *format, ...) {
    if (sim->story == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vfprintf(sim->story, format, arguments);
    va_end(arguments);
}

static void begin(struct sim *sim, uint64_t seed) {
    prng_seed(&sim->prng, seed);
    sim->seed = seed;
    sim->is_healing = false;
    sim->has_failed = false;
    sim->failure[0] = '\0';
    sim->lanes = (uint16_t)(1 + sim_dice(sim, CLIENTS_LANES_MAX));
    for (uint16_t i = 0; i < sim->lanes; i++) {
        tape_reset(&sim->tapes[i]);
        memory_store_reset(&sim->stores[i], i);
        memory_store_reset(&sim->backups[i], i);
        sim->has_backup[i] = false;
    }
    oracle_reset(&sim->oracle, sim->tapes, sim->lanes);
    sim->clients = (struct clients){
        .prng = &sim->prng,
        .tapes = sim->tapes,
        .lanes = sim->lanes,
        .secrets = &sim->secrets,
        .text = &sim->text,
        .now_ms = INT64_C(1700000000000),
    };
    for (int a = 0; a < SIM_ACTORS; a++) {
        actor_start(sim, &sim->actors[a]);
    }
    sim_tell(sim, "seed %llu, %u lanes\n", (unsigned long long)seed, sim->lanes);
}

/* Workers mostly go on with what they hold, and now and then one takes what another holds. */
static void let_work(struct sim *sim) {
    struct actor *actor = &sim->actors[sim_dice(sim, SIM_ACTORS)];
    uint16_t lane = (uint16_t)sim_dice(sim, sim->lanes);
    if (actor->seats[lane].is_held) {
        actor_step(sim, actor, lane);
        return;
    }
    bool orphan = true;
    for (int a = 0; a < SIM_ACTORS; a++) {
        orphan = orphan && !sim->actors[a].seats[lane].is_held;
    }
    if (orphan || sim_chance(sim, 16)) {
        actor_take(sim, actor, lane);
    }
}

static void let_clients(struct sim *sim) {
    clients_send(&sim->clients);
    if (sim_dice(sim, 3) == 0) {
        sim->clients.now_ms += (int64_t)sim_dice(sim, 1500);
    }
}

static void let_couriers(struct sim *sim) {
    struct actor *actor = &sim->actors[sim_dice(sim, SIM_ACTORS)];
    uint16_t lane = (uint16_t)sim_dice(sim, sim->lanes);
    uint64_t most = 1 + sim_dice(sim, 4);
    while (most-- > 0 && !sim->has_failed && actor_deliver(sim, actor, lane)) {
    }
}

static void lose_commits(struct sim *sim) {
    uint16_t lane = (uint16_t)sim_dice(sim, sim->lanes);
    if (sim->has_backup[lane]) {
        sim_tell(sim, "the database of lane %u loses its last commits\n", lane);
        memory_store_copy(&sim->stores[lane], &sim->backups[lane]);
    }
}

static void break_things(struct sim *sim) {
    clients_settle_in(&sim->clients);
    for (int i = 0; i < EVENTS && !sim->has_failed; i++) {
        uint64_t what = sim_dice(sim, 64);
        if (what < 14) {
            let_clients(sim);
        } else if (what < 44) {
            let_work(sim);
        } else if (what < 62) {
            let_couriers(sim);
        } else if (what < 63) {
            actor_crash(sim, &sim->actors[sim_dice(sim, SIM_ACTORS)]);
        } else if (sim_dice(sim, 2) == 0) {
            lose_commits(sim);
        }
    }
}

static bool is_quiet(const struct sim *sim, const struct actor *actor) {
    for (uint16_t i = 0; i < sim->lanes; i++) {
        const struct seat *seat = &actor->seats[i];
        if (!seat->is_held || seat->is_applied || commit_is_open(seat) || seat->parcels_count > 0 ||
            seat->queue_count > 0 || seat->cursor < sim->tapes[i].count ||
            lane_backlog(seat->lane) > 0) {
            return false;
        }
    }
    return true;
}

static void work_until_quiet(struct sim *sim, struct actor *actor) {
    for (int i = 0; i < HEAL_MOST && !sim->has_failed && !is_quiet(sim, actor); i++) {
        for (uint16_t lane = 0; lane < sim->lanes && !sim->has_failed; lane++) {
            if (!actor->seats[lane].is_held) {
                actor_take(sim, actor, lane);
            }
            actor_step(sim, actor, lane);
            while (!sim->has_failed && actor_deliver(sim, actor, lane)) {
            }
        }
    }
    if (!sim->has_failed && !is_quiet(sim, actor)) {
        sim_fail(sim, "no rest after healing");
    }
}

/* All workers but a new one are gone, and nothing breaks any more. Then time passes, twice, so that
 * holds run out and ticks find more to do than one of them may. */
static void heal(struct sim *sim) {
    struct actor *actor = &sim->actors[0];
    sim_tell(sim, "healing\n");
    sim->is_healing = true;
    for (int a = 0; a < SIM_ACTORS; a++) {
        actor_crash(sim, &sim->actors[a]);
    }
    for (uint16_t lane = 0; lane < sim->lanes && !sim->has_failed; lane++) {
        actor_take(sim, actor, lane);
    }
    for (int i = 0; i < 8 && !sim->has_failed; i++) {
        work_until_quiet(sim, actor);
        sim->clients.now_ms += 60 * 1000;
        for (uint16_t lane = 0; lane < sim->lanes && !sim->has_failed; lane++) {
            actor_step(sim, actor, lane);
        }
    }
    work_until_quiet(sim, actor);
}

bool sim_run(struct sim *sim, uint64_t seed) {
    begin(sim, seed);
    break_things(sim);
    if (!sim->has_failed) {
        heal(sim);
    }
    if (!sim->has_failed) {
        judge_end(sim);
    }
    for (uint16_t lane = 0; lane < sim->lanes && !sim->has_failed; lane++) {
        replay_lane(sim, lane);
    }
    return !sim->has_failed;
}
