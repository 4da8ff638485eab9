#include "tests/race/bout.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/pack.h"
#include "tests/race/client.h"
#include "tests/race/django.h"
#include "tests/race/score.h"
#include "tests/race/teller_books.h"
#include "tests/race/teller_client.h"

#define SAMPLE_MS 20

struct bout {
    struct ground *ground;
    const struct bout_plan *plan;
    struct pack pack;
    struct script scripts[SCENARIO_CLIENTS_MAX];
    struct ground_rows rows;
    struct score score;
    int64_t sampled_ms;
    int64_t samples;
    int64_t waiting; /* sum over the samples */
};

static bool is_teller(const struct bout *bout) {
    return bout->plan->technique->place == PLACE_TELLER;
}

/* A connection to the database where the bout's sessions are. */
static PGconn *arena_of(const struct bout *bout) {
    return is_teller(bout) ? bout->ground->stage.ledger.db : bout->ground->db;
}

static void sample(void *context) {
    struct bout *bout = context;
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - bout->sampled_ms < SAMPLE_MS) {
        return;
    }
    int64_t waiting = db_int(arena_of(bout),
                             "SELECT count(*) FROM pg_stat_activity WHERE "
                             "datname = current_database() AND wait_event_type = 'Lock'",
                             0);
    struct bout_waits *waits = &bout->score.result->waits;
    waits->most = waiting > waits->most ? waiting : waits->most;
    bout->sampled_ms = clock_monotonic_ms();
    bout->samples++;
    bout->waiting += waiting;
}

static int64_t deadlocks(const struct bout *bout) {
    return db_int(arena_of(bout),
                  "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", 0);
}

/* In the client's process. */
static void live(void *context, int client, int socket) {
    const struct bout *bout = context;
    const struct technique *technique = bout->plan->technique;
    bool uses_redis = (technique->traits & TRAIT_REDIS) != 0;
    struct client_plan plan = {.technique = technique,
                               .scenario = bout->plan->scenario,
                               .scale = &bout->plan->scale,
                               .script = &bout->scripts[client],
                               .socket = socket,
                               .conninfo = bout->ground->conninfo,
                               .redis_socket = uses_redis ? bout->ground->redis.socket : NULL};
    if (is_teller(bout)) {
        teller_client_run(&plan, bout->ground);
    } else {
        client_run(&plan);
    }
}

static void fight(struct bout *bout) {
    const struct scale *scale = &bout->plan->scale;
    bool is_django = bout->plan->technique->place == PLACE_DJANGO;
    struct process python = {.pid = 0};
    pack_open(&bout->pack, scale->clients, scale->rounds);
    if (is_django) {
        django_start(&python, bout->ground, bout->plan, &bout->pack, bout->scripts);
    }
    for (int i = 0; !is_django && i < scale->clients; i++) {
        pack_fork(&bout->pack, i, live, bout);
    }
    pack_hand_over(&bout->pack);
    pack_drive(&bout->pack, sample, bout);
    if (is_django) {
        django_end(&python, bout->ground);
    }
}

static void set_up(struct bout *bout) {
    const struct bout_plan *plan = bout->plan;
    bout->ground->bouts++;
    ground_plan_rows(&bout->rows, plan->scenario, &plan->scale);
    for (int i = 0; i < plan->scale.clients; i++) {
        scenario_script(plan->scenario, &plan->scale, i, &bout->scripts[i]);
    }
    if (is_teller(bout)) {
        teller_books_fill(bout->ground, &bout->rows);
    } else {
        ground_fill(bout->ground, &bout->rows);
    }
}

static void judge(struct bout *bout) {
    if (is_teller(bout)) {
        teller_books_read(bout->ground, &bout->rows);
    } else {
        ground_read(bout->ground, &bout->rows);
    }
    score_damage(&bout->score, bout->plan, &bout->rows);
    if (bout->samples > 0) {
        bout->score.result->waits.average = (double)bout->waiting / (double)bout->samples;
    }
}

void bout_run(struct ground *ground, const struct bout_plan *plan, struct bout_result *result) {
    *result = (struct bout_result){
        .technique = plan->technique, .scenario = plan->scenario, .clients = plan->scale.clients};
    if (plan->technique->place == PLACE_TELLER && !teller_books_can(plan->scenario)) {
        result->state = BOUT_NOT_RUN;
        return;
    }
    struct bout *bout = calloc(1, sizeof *bout);
    must(bout != NULL, "out of memory");
    bout->ground = ground;
    bout->plan = plan;
    bout->score.result = result;
    set_up(bout);
    int64_t deadlocks_before = deadlocks(bout);
    fight(bout);
    result->deadlocks = deadlocks(bout) - deadlocks_before;
    score_reports(&bout->score, &bout->pack, plan, bout->scripts, &bout->rows);
    judge(bout);
    pack_close(&bout->pack);
    free(bout);
}

bool bout_is_exact(const struct bout_result *result) {
    const struct bout_damage *damage = &result->damage;
    return damage->lost == 0 && damage->created == 0 && damage->oversold == 0 && damage->drift == 0;
}
