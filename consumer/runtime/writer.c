#include "consumer/runtime/writer.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "common/rt/log.h"
#include "consumer/runtime/flight.h"
#include "consumer/runtime/publish.h"
#include "consumer/runtime/round.h"
#include "consumer/runtime/settle.h"
#include "consumer/runtime/sight.h"

#define WAIT_MS 100         /* for records; ticks are looked at in between */
#define WAIT_RESTED_MS 10   /* while a lane waits for the broker */
#define WAIT_IDLE_MS 1000   /* for mail, with no lane in hand */
#define WAIT_BROKEN_MS 1000 /* before another try to make a Kafka consumer */

struct writer {
    struct desk desk;
    struct mailbox *mail;
    pthread_mutex_t source_mutex; /* the thread replaces the source that others wake */
    pthread_t thread;
};

/* False: told to quit. */
static bool obey(struct writer *writer, const struct notice *notice) {
    struct desk *desk = &writer->desk;
    struct held *held = NULL;
    switch (notice->kind) {
    case NOTICE_HOLD: desk_hold(desk, notice->lane, notice->number); return true;
    case NOTICE_RECALL:
        flight_finish(desk);
        held = desk_find(desk, notice->number);
        if (held != NULL) { /* else it has left by itself, and the supervisor will read so */
            desk_leave(desk, held, NOTICE_RETURNED);
        }
        return true;
    case NOTICE_QUIT:
        flight_finish(desk);
        desk_leave_all(desk, NOTICE_RETURNED);
        return false;
    case NOTICE_RETURNED:
    case NOTICE_FENCED:
    case NOTICE_LOST:
    case NOTICE_STOPPED:
    case NOTICE_ENDED: break;
    }
    CHECK(!"a notice for the supervisor");
    return false;
}

static bool read_mail(struct writer *writer) {
    struct notice notice;
    int64_t wait_ms = writer->desk.held_count == 0 ? WAIT_IDLE_MS : 0;
    while (mailbox_take(writer->mail, &notice, wait_ms)) {
        if (!obey(writer, &notice)) {
            return false;
        }
        wait_ms = 0;
    }
    return true;
}

static void send_ticks(struct desk *desk) {
    struct publish publish = {.outbox = courier_outbox(desk->plan->courier),
                              .board = desk->plan->board,
                              .secrets = desk->plan->secrets,
                              .partitions = desk->plan->partitions,
                              .text = &desk->text};
    int64_t now_ms = clock_unix_ms();
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        if (lane_tick_wanted(held->lane, now_ms)) {
            (void)publish_tick(&publish, held->number);
        }
    }
}

static bool is_any_broken(const struct desk *desk) {
    struct outbox *outbox = courier_outbox(desk->plan->courier);
    for (size_t i = 0; i < desk->held_count; i++) {
        if (outbox_broken(outbox, desk->held[i].number)) {
            return true;
        }
    }
    return false;
}

/* An output that failed for good makes the lane send again from what the broker has. */
static void lose_broken(struct desk *desk) {
    if (!is_any_broken(desk)) {
        return;
    }
    flight_finish(desk);
    for (size_t i = desk->held_count; i-- > 0;) {
        if (outbox_broken(courier_outbox(desk->plan->courier), desk->held[i].number)) {
            settle_unsent(desk, &desk->held[i]);
        }
    }
}

static bool is_any_fence_old(const struct desk *desk) {
    for (size_t i = 0; i < desk->held_count; i++) {
        if (lane_fence_old(desk->held[i].lane)) {
            return true;
        }
    }
    return false;
}

/* The id fence ends a day ahead of where the lane began: a long tenure moves it on. */
static void reload_fences(struct desk *desk) {
    if (!is_any_fence_old(desk)) {
        return;
    }
    flight_finish(desk);
    for (size_t i = desk->held_count; i-- > 0;) {
        struct pg_failure failure = PG_FAILURE_INIT;
        struct lane *lane = desk->held[i].lane;
        if (!lane_fence_old(lane)) {
            continue;
        }
        lane_fence_reload(lane);
        if (pg_store_start(desk->store, lane, &failure) != PG_DONE) {
            settle_failed(desk, &failure);
            return;
        }
    }
}

static int wait_for_records_ms(const struct desk *desk) {
    for (size_t i = 0; i < desk->held_count; i++) {
        if (desk->held[i].resting) {
            return WAIT_RESTED_MS;
        }
    }
    return WAIT_MS;
}

static bool renew_source(struct writer *writer) {
    struct err err = ERR_INIT;
    CHECK(pthread_mutex_lock(&writer->source_mutex) == 0);
    bool renewed = desk_renew_source(&writer->desk, &err);
    CHECK(pthread_mutex_unlock(&writer->source_mutex) == 0);
    if (!renewed) {
        log_event(LOG_ERROR, "no Kafka consumer", "error=\"%s\"", err.text);
        clock_sleep_ms(WAIT_BROKEN_MS);
    }
    return renewed;
}

static void *write_lanes(void *context) {
    struct writer *writer = context;
    struct desk *desk = &writer->desk;
    bool alive = true;
    while (read_mail(writer)) {
        if (!alive) {
            flight_finish(desk);
            desk_leave_all(desk, NOTICE_LOST);
            alive = renew_source(writer);
        }
        lose_broken(desk);
        desk_rest(desk);
        sight_look(desk);
        send_ticks(desk);
        reload_fences(desk);
        if (alive && desk->held_count > 0) {
            alive = round_run(desk, wait_for_records_ms(desk));
        }
    }
    mailbox_post(desk->plan->supervisor,
                 (struct notice){.kind = NOTICE_ENDED, .writer = desk->writer});
    return NULL;
}

struct writer *writer_new(const struct desk_plan *plan, int index, struct err *err) {
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        (void)err_set(err, ERR_UNREACHABLE, "out of memory");
        return NULL;
    }
    /* For each lane at most a RECALL that came too late, a HOLD, and the RECALL of that; a QUIT. */
    writer->mail = mailbox_new(3 * (size_t)plan->partitions + 1);
    if (!desk_init(&writer->desk, plan, index, err) || writer->mail == NULL) {
        desk_close(&writer->desk);
        mailbox_free(writer->mail);
        free(writer);
        return NULL;
    }
    CHECK(pthread_mutex_init(&writer->source_mutex, NULL) == 0);
    CHECK(pthread_create(&writer->thread, NULL, write_lanes, writer) == 0);
    return writer;
}

void writer_post(struct writer *writer, struct notice notice) {
    mailbox_post(writer->mail, notice);
    CHECK(pthread_mutex_lock(&writer->source_mutex) == 0);
    lane_source_wake(writer->desk.source);
    CHECK(pthread_mutex_unlock(&writer->source_mutex) == 0);
}

void writer_free(struct writer *writer) {
    if (writer == NULL) {
        return;
    }
    CHECK(pthread_join(writer->thread, NULL) == 0);
    CHECK(pthread_mutex_destroy(&writer->source_mutex) == 0);
    desk_close(&writer->desk);
    mailbox_free(writer->mail);
    free(writer);
}
