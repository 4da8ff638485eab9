#include "consumer/runtime/supervisor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "common/rt/log.h"
#include "common/rt/stop.h"
#include "consumer/runtime/notify.h"
#include "consumer/runtime/sight.h"
#include "consumer/runtime/streak.h"
#include "consumer/runtime/tenancy.h"

#define WAIT_MS 20
#define MARK_AGAIN_MS 5000
#define WATCHDOG_MS 1000
#define REACH_FIRST_MS 50 /* between takes, while servers do not answer; all lanes as one */
#define REACH_MAX_MS 5000
#define REFUSED_MS 10000 /* between two lines about refused outputs */

/* One lane of the ledger. The machine is ours to touch unless a writer holds it. */
struct seat {
    struct tenancy tenancy;
    struct lane *lane;
    bool unmarked;   /* stopped, and not written down yet */
    int64_t mark_ms; /* when to try */
};

struct supervisor {
    const struct supervisor_plan *plan;
    struct seat *seats;
    bool *assigned;
    bool assignment_known;
    bool renewing; /* the outbox is dead: all lanes come back first */
    bool draining;
    int64_t drain_until_ms;
    int64_t watchdog_ms;  /* when the service manager was told last that we live */
    struct backoff reach; /* a server that refuses one lane's take would refuse all of them */
    int64_t take_ms;      /* no take before */
    uint64_t refused;     /* outputs, as was logged last */
    int64_t refused_ms;   /* when it may be logged again */
    struct prng prng;
    struct err failure; /* why the worker cannot go on */
};

static bool is_in_hands(const struct seat *seat) {
    return seat->tenancy.state == TENANCY_HELD || seat->tenancy.state == TENANCY_RECALLED;
}

static void drop_machine(struct seat *seat) {
    lane_free(seat->lane);
    seat->lane = NULL;
}

/* ---- what the writers say ---- */

static void end_fenced(struct supervisor *supervisor, uint16_t number) {
    char owner[UUID_TEXT_LEN + 1];
    struct uuid other = opener_owner(supervisor->plan->opener, number);
    uuid_format(&other, owner);
    (void)err_set(&supervisor->failure, ERR_OPERATOR,
                  "lane %d was taken by another worker, owner %s; --lanes promised that there is "
                  "none",
                  number, owner);
}

static void note_fenced(struct supervisor *supervisor, uint16_t number) {
    struct seat *seat = &supervisor->seats[number];
    atomic_store(&supervisor->plan->board->lanes[number].next_offset, -1);
    if (supervisor->plan->member == NULL && seat->tenancy.assigned) {
        end_fenced(supervisor, number);
    }
    if (!tenancy_fenced(&seat->tenancy, clock_monotonic_ms(), &supervisor->prng)) {
        log_event(LOG_ERROR, "lane stopped", "lane=%d reason=%s", number,
                  lane_stop_word(LANE_STOP_CONTENDED));
        atomic_store(&supervisor->plan->board->lanes[number].stop, LANE_STOP_CONTENDED);
    }
}

static void note_stopped(struct supervisor *supervisor, uint16_t number) {
    struct seat *seat = &supervisor->seats[number];
    log_event(LOG_ERROR, "lane stopped", "lane=%d reason=%s detail=\"%s\"", number,
              lane_stop_word(lane_stopped(seat->lane)), lane_stop_detail(seat->lane));
    atomic_store(&supervisor->plan->board->lanes[number].stop, (int)lane_stopped(seat->lane));
    tenancy_stopped(&seat->tenancy);
    seat->unmarked = true;
    seat->mark_ms = 0;
}

static void read_notice(struct supervisor *supervisor, const struct notice *notice) {
    struct seat *seat = &supervisor->seats[notice->number];
    int64_t now_ms = clock_monotonic_ms();
    switch (notice->kind) {
    case NOTICE_RETURNED: tenancy_returned(&seat->tenancy, now_ms); return;
    case NOTICE_FENCED: note_fenced(supervisor, notice->number); return;
    case NOTICE_LOST: tenancy_lost(&seat->tenancy, now_ms, &supervisor->prng); return;
    case NOTICE_STOPPED: note_stopped(supervisor, notice->number); return;
    case NOTICE_ENDED: return;
    case NOTICE_HOLD:
    case NOTICE_RECALL:
    case NOTICE_QUIT: break;
    }
    CHECK(!"a notice for a writer");
}

static void read_inbox(struct supervisor *supervisor, int64_t wait_ms) {
    struct notice notice;
    while (mailbox_take(supervisor->plan->inbox, &notice, wait_ms)) {
        read_notice(supervisor, &notice);
        wait_ms = 0;
    }
}

/* ---- what should be ours ---- */

static void follow_assignment(struct supervisor *supervisor) {
    const struct supervisor_plan *plan = supervisor->plan;
    if (plan->member != NULL) {
        supervisor->assignment_known = member_assignment(plan->member, supervisor->assigned) > 0;
        if (!supervisor->draining) {
            (void)member_failed(plan->member, &supervisor->failure);
        }
    }
    for (uint16_t i = 0; i < plan->partitions; i++) {
        bool wanted = supervisor->assigned[i] && !supervisor->draining && !supervisor->renewing;
        tenancy_assign(&supervisor->seats[i].tenancy, wanted, clock_monotonic_ms());
    }
}

static void follow_stop(struct supervisor *supervisor) {
    if (!supervisor->draining) {
        (void)sentry_alarm(supervisor->plan->sentry, &supervisor->failure);
    }
    bool stop = stop_requested() || supervisor->failure.kind != ERR_NONE;
    if (stop && !supervisor->draining) {
        supervisor->draining = true;
        supervisor->drain_until_ms = clock_monotonic_ms() + supervisor->plan->drain_ms;
        atomic_store(&supervisor->plan->board->ready, false);
        notify_state("STOPPING=1");
        log_event(LOG_INFO, "handing the lanes over", "reason=\"%s\"",
                  supervisor->failure.kind == ERR_NONE ? "told to" : supervisor->failure.text);
    }
    if (stop_take_reload()) {
        supervisor->plan->reload(supervisor->plan->context);
    }
}

/* A dead producer is replaced once nobody holds a lane: each then begins a new tenure, which sends
 * again what the broker has not acknowledged. */
static void follow_outbox(struct supervisor *supervisor) {
    struct courier *courier = supervisor->plan->courier;
    struct err err = ERR_INIT;
    if (!supervisor->renewing) {
        supervisor->renewing = outbox_fatal(courier_outbox(courier), &err);
        if (supervisor->renewing) {
            log_event(LOG_ERROR, "producer is dead, making a new one", "error=\"%s\"", err.text);
        }
        return;
    }
    for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
        const struct seat *seat = &supervisor->seats[i];
        if (is_in_hands(seat) || seat->tenancy.state == TENANCY_SETTLING) {
            return;
        }
    }
    supervisor->renewing = !courier_renew(courier, &err);
}

/* ---- what to do with a lane ---- */

static int idlest_writer(const struct supervisor *supervisor) {
    int best = 0;
    int best_load = INT32_MAX;
    for (int writer = 0; writer < supervisor->plan->writers_count; writer++) {
        int load = 0;
        for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
            load += supervisor->seats[i].tenancy.writer == writer;
        }
        if (load < best_load) {
            best = writer;
            best_load = load;
        }
    }
    return best;
}

static void hand_out(struct supervisor *supervisor, uint16_t number) {
    struct seat *seat = &supervisor->seats[number];
    struct board_lane *shown = &supervisor->plan->board->lanes[number];
    int writer = idlest_writer(supervisor);
    const struct lane_row *row = lane_row(seat->lane);
    log_event(LOG_INFO, "lane taken", "lane=%d epoch=%" PRId64 " next=%" PRId64 " writer=%d",
              number, row->epoch, row->next_offset, writer);
    atomic_store(&shown->next_offset, row->next_offset);
    atomic_store(&shown->lane_time_ms, row->lane_time_ms);
    atomic_store(&shown->stop, LANE_RUNNING);
    tenancy_held(&seat->tenancy, writer, clock_monotonic_ms());
    writer_post(supervisor->plan->writers[writer],
                (struct notice){
                    .kind = NOTICE_HOLD, .writer = writer, .number = number, .lane = seat->lane});
}

static void open_lane(struct supervisor *supervisor, uint16_t number) {
    struct seat *seat = &supervisor->seats[number];
    struct tenancy *tenancy = &seat->tenancy;
    struct tenure tenure = {.number = number,
                            .is_ours = tenancy->has_epoch,
                            .epoch = tenancy->epoch,
                            .lane = seat->lane};
    struct err err = ERR_INIT;
    enum opening opening = opener_open(supervisor->plan->opener, &tenure, &err);
    seat->lane = tenure.lane;
    tenancy_taken(tenancy, tenure.is_ours, tenure.epoch);
    if (opening != OPENING_LATER) {
        backoff_reset(&supervisor->reach);
    }
    switch (opening) {
    case OPENING_DONE:
        follow_assignment(supervisor); /* it may have changed while the take waited */
        if (tenancy->state == TENANCY_DUE) {
            hand_out(supervisor, number);
        }
        return;
    case OPENING_LATER:
        log_event(LOG_WARN, "lane not taken yet", "lane=%d error=\"%s\"", number, err.text);
        tenancy_take_failed(tenancy, clock_monotonic_ms(), &supervisor->prng);
        supervisor->take_ms =
            clock_monotonic_ms() + backoff_next_ms(&supervisor->reach, &supervisor->prng);
        return;
    case OPENING_FENCED: note_fenced(supervisor, number); return;
    case OPENING_STOPPED: note_stopped(supervisor, number); return;
    }
}

static void settle(struct supervisor *supervisor, uint16_t number, int64_t now_ms) {
    struct seat *seat = &supervisor->seats[number];
    struct outbox *outbox = courier_outbox(supervisor->plan->courier);
    if (outbox_pending(outbox, number) > 0 && !outbox_broken(outbox, number) &&
        now_ms < seat->tenancy.due_ms) {
        return;
    }
    opener_publish(supervisor->plan->opener, seat->lane, outbox_published(outbox, number));
    tenancy_settled(&seat->tenancy, now_ms);
}

static void mark(struct supervisor *supervisor, struct seat *seat, int64_t now_ms) {
    if (now_ms < seat->mark_ms) {
        return;
    }
    seat->unmarked = !opener_mark(supervisor->plan->opener, seat->lane);
    seat->mark_ms = now_ms + MARK_AGAIN_MS;
}

/* Everything that is quick, for every lane; takes come one at a time (step_take). */
static void step_lane(struct supervisor *supervisor, uint16_t number) {
    struct seat *seat = &supervisor->seats[number];
    struct tenancy *tenancy = &seat->tenancy;
    int64_t now_ms = clock_monotonic_ms();
    if (seat->unmarked) {
        mark(supervisor, seat, now_ms);
    }
    if (tenancy_wants_recall(tenancy)) {
        writer_post(supervisor->plan->writers[tenancy->writer],
                    (struct notice){.kind = NOTICE_RECALL, .number = number});
        tenancy_recalled(tenancy);
    }
    if (tenancy->state == TENANCY_SETTLING) {
        settle(supervisor, number, now_ms);
    }
    if (tenancy->state == TENANCY_ABSENT && seat->lane != NULL && !seat->unmarked) {
        log_event(LOG_INFO, "lane given up", "lane=%d", number);
        streak_end(supervisor->plan->board, number);
        drop_machine(seat);
    }
    atomic_store(&supervisor->plan->board->lanes[number].state, (int)tenancy->state);
}

/* True: there is more to take. */
static bool step_take(struct supervisor *supervisor) {
    bool taken = false;
    if (clock_monotonic_ms() < supervisor->take_ms) {
        return false;
    }
    for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
        if (tenancy_wants_take(&supervisor->seats[i].tenancy, clock_monotonic_ms())) {
            if (taken) {
                return true;
            }
            open_lane(supervisor, i);
            taken = true;
        }
    }
    return false;
}

/* Nobody gets to know of a refused output but by this. Some time later, so that a thousand of them
 * make one line. */
static void show_outbox(struct supervisor *supervisor) {
    struct board *board = supervisor->plan->board;
    int64_t now_ms = clock_monotonic_ms();
    struct outbox_counters counters;
    outbox_counters(courier_outbox(supervisor->plan->courier), &counters);
    atomic_store(&board->unacknowledged, counters.unacknowledged);
    atomic_store(&board->refused, counters.refused);
    atomic_store(&board->failed, counters.failed);
    if (counters.refused != supervisor->refused && now_ms >= supervisor->refused_ms) {
        log_event(LOG_ERROR, "outputs refused by the broker", "all=%" PRIu64 " error=\"%s\"",
                  counters.refused, counters.last_refusal);
        supervisor->refused = counters.refused;
        supervisor->refused_ms = now_ms + REFUSED_MS;
    }
}

static void show_ready(struct supervisor *supervisor) {
    struct board *board = supervisor->plan->board;
    atomic_store(&board->alive_ms, clock_monotonic_ms());
    atomic_store(&board->assigned, supervisor->assignment_known);
    bool ready = supervisor->assignment_known && !supervisor->draining;
    for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
        const struct tenancy *tenancy = &supervisor->seats[i].tenancy;
        ready = ready && (!tenancy->assigned || tenancy->state == TENANCY_HELD) &&
                !streak_alarm(&board->lanes[i]) && !sight_lost(&board->lanes[i]);
    }
    if (ready && !atomic_exchange(&board->ready, true)) {
        log_event(LOG_INFO, "ready", NULL);
        notify_state("READY=1");
    } else if (!ready) {
        atomic_store(&board->ready, false);
    }
}

static void show_alive(struct supervisor *supervisor) {
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - supervisor->watchdog_ms >= WATCHDOG_MS) {
        supervisor->watchdog_ms = now_ms;
        notify_state("WATCHDOG=1");
    }
}

static bool is_drained(const struct supervisor *supervisor) {
    for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
        const struct seat *seat = &supervisor->seats[i];
        if (seat->tenancy.state != TENANCY_ABSENT || seat->unmarked) {
            return false;
        }
    }
    return true;
}

static enum supervisor_end work(struct supervisor *supervisor) {
    bool more = false;
    for (;;) {
        read_inbox(supervisor, more ? 0 : WAIT_MS);
        follow_stop(supervisor);
        follow_outbox(supervisor);
        follow_assignment(supervisor);
        for (uint16_t i = 0; i < supervisor->plan->partitions; i++) {
            step_lane(supervisor, i);
        }
        show_outbox(supervisor);
        show_ready(supervisor);
        show_alive(supervisor);
        if (supervisor->draining && is_drained(supervisor)) {
            return SUPERVISOR_DRAINED;
        }
        if (stop_immediate() ||
            (supervisor->draining && clock_monotonic_ms() >= supervisor->drain_until_ms)) {
            return SUPERVISOR_ABANDONED;
        }
        more = step_take(supervisor);
    }
}

enum supervisor_end supervisor_run(const struct supervisor_plan *plan, struct err *err) {
    struct supervisor supervisor = {.plan = plan, .failure = ERR_INIT};
    uint64_t seed = 0;
    clock_random(&seed, sizeof seed);
    prng_seed(&supervisor.prng, seed);
    backoff_init(&supervisor.reach, REACH_FIRST_MS, REACH_MAX_MS);
    supervisor.seats = calloc(plan->partitions, sizeof *supervisor.seats);
    supervisor.assigned = calloc(plan->partitions, sizeof *supervisor.assigned);
    CHECK(supervisor.seats != NULL && supervisor.assigned != NULL);
    for (uint16_t i = 0; i < plan->partitions; i++) {
        tenancy_init(&supervisor.seats[i].tenancy);
    }
    if (plan->member == NULL) {
        memcpy(supervisor.assigned, plan->lanes, plan->partitions * sizeof *supervisor.assigned);
        supervisor.assignment_known = true;
    }
    enum supervisor_end end = work(&supervisor);
    for (uint16_t i = 0; i < plan->partitions && end == SUPERVISOR_DRAINED; i++) {
        drop_machine(&supervisor.seats[i]);
    }
    *err = supervisor.failure;
    free(supervisor.seats);
    free(supervisor.assigned);
    return end;
}
