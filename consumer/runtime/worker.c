#include "consumer/runtime/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/check.h"
#include "common/kafka/topic_names.h"
#include "common/pg/pg_conn.h"
#include "common/rt/clock.h"
#include "common/rt/log.h"
#include "common/rt/stop.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/adapters/topics.h"
#include "consumer/runtime/failpoint.h"
#include "consumer/runtime/metrics.h"
#include "consumer/runtime/supervisor.h"

#define TOPICS_MS 10000
#define STOP_POLL_MS 50
#define DRAIN_GRACE_MS 500 /* the supervisor itself keeps to the budget, unless it is stuck */
#define CLOSE_MS 5000      /* for the clients, when all lanes are handed over */
#define CLOSE_POLL_MS 10
#define READ_AHEAD_BYTES ((size_t)112 << 20) /* of all writers together */
#define READ_AHEAD_LEAST ((size_t)8 << 20)
#define LAUNCH_RECORDS 512 /* measured: below it the wait for the other thread costs what is won */
#define REST_FROM 10000    /* unacknowledged outputs of a lane: it is not read any more */
#define OUTPUTS_OF_CHUNK (2 * WANTS_CHUNK_MAX + 1)
#define OUTPUTS_MOST 9000000 /* librdkafka counts no further than 10 million */

/* The supervisor in a thread of its own: it may wait for seconds for a server, and the main thread
 * must still hear the second signal, and know when the drain has taken too long. */
struct shift {
    const struct supervisor_plan *plan;
    struct err err;
    enum supervisor_end end;
    atomic_bool over;
    pthread_t thread;
};

struct worker {
    const struct worker_settings *settings;
    struct kafka_settings kafka;
    struct topic_names topics;
    struct pg_registration ledger;
    struct leg_secrets secrets;
    struct failpoint failpoint;
    uint16_t partitions;
    bool *lanes; /* of --lanes */

    struct board board;
    struct mailbox *inbox;
    struct courier *courier;
    struct opener opener;
    struct desk_plan desk_plan;
    struct writer **writers;
    int writers_count;
    struct member *member;
    struct sentry *sentry;
    struct http_server *http;

    struct supervisor_plan supervisor_plan;
    struct shift shift;
    atomic_bool closed;
};

/* ---- is this the ledger that we were pointed at? ---- */

static bool read_ledger(struct worker *worker, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn_options options = {.conninfo = worker->settings->db,
                                      .application = PG_APPLICATION_WORKER,
                                      .session = PG_SESSION_WORKER};
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    bool read = conn != NULL && pg_schema_read(conn, &worker->ledger, &failure) == PG_DONE &&
                pg_schema_secrets(conn, &worker->secrets, &failure) == PG_DONE;
    pg_conn_close(conn);
    if (!read) {
        *err = failure.err;
    }
    return read;
}

static bool check_registration(struct worker *worker, const struct kafka_topic *commands,
                               struct err *err) {
    struct pg_registration mine = {.partitions = commands->partitions,
                                   .schema_version = SCHEMA_VERSION};
    snprintf(mine.cluster_id, sizeof mine.cluster_id, "%s", commands->cluster_id);
    snprintf(mine.prefix, sizeof mine.prefix, "%s", worker->settings->prefix);
    snprintf(mine.commands_topic, sizeof mine.commands_topic, "%s", worker->topics.commands);
    snprintf(mine.group_id, sizeof mine.group_id, "%s", worker->settings->group);
    return pg_schema_compare(&worker->ledger, &mine, err);
}

static bool check_ledger(struct worker *worker, struct err *err) {
    struct kafka_topic commands;
    if (!topic_names_init(&worker->topics, worker->settings->prefix, err) ||
        !read_ledger(worker, err)) {
        return false;
    }
    struct topics_expected expected = {.cluster_id = worker->ledger.cluster_id,
                                       .partitions = (uint16_t)worker->ledger.partitions};
    if (!topics_check(&worker->kafka, &worker->topics, &expected, TOPICS_MS, &commands, err) ||
        !check_registration(worker, &commands, err)) {
        return false;
    }
    worker->partitions = (uint16_t)worker->ledger.partitions;
    return true;
}

/* ---- parts ---- */

static bool out_of_memory(struct err *err) {
    return err_set(err, ERR_UNREACHABLE, "out of memory");
}

static int count_writers(const struct worker *worker) {
    long wanted = worker->settings->writers;
    if (wanted == 0) {
        wanted = sysconf(_SC_NPROCESSORS_ONLN);
    }
    if (wanted < 1) {
        wanted = 1;
    }
    return wanted > worker->partitions ? worker->partitions : (int)wanted;
}

/* The last rounds before a lane rests, one committed and one under way, may add two outputs for
 * each of their records, or those of one chunk of an allotment. */
static uint32_t outputs_cap(const struct worker *worker) {
    uint32_t round = 2 * (uint32_t)worker->settings->batch + OUTPUTS_OF_CHUNK + 1;
    uint32_t cap = REST_FROM + 2 * round;
    uint32_t most = OUTPUTS_MOST / worker->partitions;
    return cap < most ? cap : most;
}

static void plan_desks(struct worker *worker) {
    uint32_t cap = outputs_cap(worker);
    uint32_t rest_from = cap / 2 < REST_FROM ? cap / 2 : REST_FROM;
    size_t ahead = READ_AHEAD_BYTES / (size_t)worker->writers_count;
    worker->desk_plan = (struct desk_plan){
        .source = {.kafka = &worker->kafka,
                   .topic = worker->topics.commands,
                   .group_id = worker->settings->group,
                   .partitions = worker->partitions,
                   .memory_bytes = ahead < READ_AHEAD_LEAST ? READ_AHEAD_LEAST : ahead},
        .store = {.conninfo = worker->settings->db,
                  .copy_rows = (size_t)worker->settings->copy_threshold,
                  .passed = worker->failpoint.action == FAILPOINT_NONE ? NULL : failpoint_pass,
                  .listener = &worker->failpoint},
        .courier = worker->courier,
        .board = &worker->board,
        .supervisor = worker->inbox,
        .secrets = &worker->secrets,
        .partitions = worker->partitions,
        .batch = (uint32_t)worker->settings->batch,
        .launch_from = worker->settings->overlap_threshold > 0
                           ? (size_t)worker->settings->overlap_threshold
                           : LAUNCH_RECORDS,
        .rest_from = rest_from,
        .rest_to = rest_from / 2,
    };
}

static bool make_opener(struct worker *worker, struct err *err) {
    struct opener_plan plan = {
        .source = worker->desk_plan.source,
        .store = worker->desk_plan.store,
        .limits = worker_settings_limits(worker->partitions, worker->desk_plan.batch),
        .courier = worker->courier,
        .secrets = &worker->secrets,
        .partitions = worker->partitions,
    };
    plan.source.memory_bytes = READ_AHEAD_LEAST;
    clock_random(&plan.owner, sizeof plan.owner);
    clock_random(&plan.limits.seed, sizeof plan.limits.seed);
    return opener_init(&worker->opener, &plan, err);
}

static bool make_shared(struct worker *worker, struct err *err) {
    struct outbox_options outbox = {.kafka = &worker->kafka,
                                    .topics = &worker->topics,
                                    .lanes = worker->partitions,
                                    .lane_cap = outputs_cap(worker)};
    worker->writers_count = count_writers(worker);
    worker->inbox = mailbox_new((size_t)worker->partitions + (size_t)worker->writers_count);
    if (!board_init(&worker->board, worker->partitions) || worker->inbox == NULL) {
        return out_of_memory(err);
    }
    worker->courier = courier_new(&outbox, err);
    if (worker->courier == NULL) {
        return false;
    }
    plan_desks(worker);
    return make_opener(worker, err);
}

static bool make_writers(struct worker *worker, struct err *err) {
    int wanted = worker->writers_count;
    worker->writers_count = 0;
    worker->writers = calloc((size_t)wanted, sizeof(struct writer *));
    if (worker->writers == NULL) {
        return out_of_memory(err);
    }
    while (worker->writers_count < wanted) {
        int index = worker->writers_count;
        worker->writers[index] = writer_new(&worker->desk_plan, index, err);
        if (worker->writers[index] == NULL) {
            return false;
        }
        worker->writers_count++;
    }
    return true;
}

static bool make_sentry(struct worker *worker) {
    struct topics_expected expected = {.cluster_id = worker->ledger.cluster_id,
                                       .partitions = worker->partitions};
    worker->sentry = sentry_new(&worker->kafka, &worker->topics, &expected);
    return worker->sentry != NULL;
}

/* The group, or the lanes that were named. */
static bool make_member(struct worker *worker, struct err *err) {
    const struct worker_settings *settings = worker->settings;
    if (settings->lanes != NULL) {
        worker->lanes = calloc(worker->partitions, sizeof *worker->lanes);
        return worker->lanes == NULL
                   ? out_of_memory(err)
                   : worker_settings_lanes(settings->lanes, worker->partitions, worker->lanes, err);
    }
    struct membership_options options = {.kafka = &worker->kafka,
                                         .topic = worker->topics.commands,
                                         .group_id = settings->group,
                                         .session_timeout_ms = (int)settings->session_timeout_ms};
    worker->member = member_new(&options, &worker->board, err);
    return worker->member != NULL;
}

static bool make_http(struct worker *worker, struct err *err) {
    if (worker->settings->http == NULL) {
        return true;
    }
    atomic_store(&worker->board.alive_ms, clock_monotonic_ms());
    worker->http = http_server_new(worker->settings->http, metrics_page, &worker->board, err);
    return worker->http != NULL;
}

/* In this order: the group is left first, while the board still shows the last positions. */
static void take_apart(struct worker *worker) {
    member_free(worker->member);
    sentry_free(worker->sentry);
    http_server_free(worker->http);
    for (int i = 0; i < worker->writers_count && worker->writers != NULL; i++) {
        writer_post(worker->writers[i], (struct notice){.kind = NOTICE_QUIT});
        writer_free(worker->writers[i]);
    }
    free(worker->writers);
    opener_close(&worker->opener);
    courier_free(worker->courier);
    mailbox_free(worker->inbox);
    board_close(&worker->board);
    free(worker->lanes);
}

static void *close_all(void *context) {
    struct worker *worker = context;
    take_apart(worker);
    atomic_store(&worker->closed, true);
    return NULL;
}

/* The lanes are handed over, so nothing is at stake any more; but librdkafka can wait for ever for
 * a client to close, for one whose topic was made anew. The thread then ends with the process. */
static void leave(struct worker *worker) {
    pthread_t thread;
    int64_t until_ms = clock_monotonic_ms() + CLOSE_MS;
    CHECK(pthread_create(&thread, NULL, close_all, worker) == 0);
    while (!atomic_load(&worker->closed)) {
        if (stop_immediate() || clock_monotonic_ms() >= until_ms) {
            CHECK(pthread_detach(thread) == 0);
            log_event(LOG_WARN, "ended without closing all connections", NULL);
            return;
        }
        clock_sleep_ms(CLOSE_POLL_MS);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    free(worker);
}

/* ---- work ---- */

static void *supervise(void *context) {
    struct shift *shift = context;
    shift->end = supervisor_run(shift->plan, &shift->err);
    atomic_store(&shift->over, true);
    return NULL;
}

/* False: told to end at once, or out of time. */
static bool wait_for_end(const struct shift *shift, int64_t drain_ms) {
    int64_t until_ms = INT64_MAX;
    while (!atomic_load(&shift->over)) {
        int64_t now_ms = clock_monotonic_ms();
        if (stop_requested() && until_ms == INT64_MAX) {
            until_ms = now_ms + drain_ms + DRAIN_GRACE_MS;
        }
        if (stop_immediate() || now_ms >= until_ms) {
            return false;
        }
        clock_sleep_ms(STOP_POLL_MS);
    }
    return true;
}

static void plan_supervisor(struct worker *worker, void (*reload)(void *context), void *context) {
    worker->supervisor_plan = (struct supervisor_plan){
        .opener = &worker->opener,
        .writers = worker->writers,
        .writers_count = worker->writers_count,
        .courier = worker->courier,
        .board = &worker->board,
        .inbox = worker->inbox,
        .sentry = worker->sentry,
        .member = worker->member,
        .lanes = worker->lanes,
        .partitions = worker->partitions,
        .drain_ms = worker->settings->drain_ms,
        .reload = reload,
        .context = context,
    };
    worker->shift.plan = &worker->supervisor_plan;
}

/* True: nothing of the worker is at work any more. */
static bool work(struct worker *worker) {
    struct shift *shift = &worker->shift;
    CHECK(pthread_create(&shift->thread, NULL, supervise, shift) == 0);
    if (!wait_for_end(shift, worker->settings->drain_ms)) {
        CHECK(pthread_detach(shift->thread) == 0); /* it ends with the process */
        return false;
    }
    CHECK(pthread_join(shift->thread, NULL) == 0);
    return shift->end == SUPERVISOR_DRAINED;
}

bool worker_run(const struct worker_settings *settings, void (*reload)(void *context),
                void *context, struct err *err) {
    struct worker *worker = calloc(1, sizeof *worker); /* threads may outlive this function */
    if (worker == NULL) {
        return out_of_memory(err);
    }
    worker->settings = settings;
    worker->kafka = kafka_options_settings(&settings->kafka, "tellerd");
    bool made = failpoint_init(&worker->failpoint, getenv("TELLER_FAILPOINT"), err) &&
                check_ledger(worker, err) && make_shared(worker, err) && make_member(worker, err) &&
                make_writers(worker, err) && make_http(worker, err) && make_sentry(worker);
    bool fine = made;
    if (made) {
        plan_supervisor(worker, reload, context);
        if (!work(worker)) {
            log_event(LOG_WARN, "ended without handing all lanes over", NULL);
            if (atomic_load(&worker->shift.over)) {
                *err = worker->shift.err;
            }
            return err->kind == ERR_NONE;
        }
        *err = worker->shift.err;
        fine = err->kind == ERR_NONE;
    }
    leave(worker);
    return fine;
}
