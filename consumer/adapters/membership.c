#include "consumer/adapters/membership.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "common/rt/clock.h"

enum { SESSION_TIMEOUT_MS = 6000, LEAVE_MS = 3000, LANES_MAX = UINT16_MAX };

struct membership {
    struct kconf_watch watch; /* first: the client's opaque */
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    const char *topic;
    uint64_t number;
    bool changed;         /* since the last poll */
    int64_t revoked_ms;   /* when a revoke was noted that no assignment has followed yet; 0: none */
    int64_t rebalance_ms; /* how long the group waits for its members to join again */
    uint16_t *lanes;
    size_t count;
    struct membership_counters counters;
};

static int by_number(const void *a, const void *b) {
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void keep(struct membership *member, const rd_kafka_topic_partition_list_t *list) {
    member->count = 0;
    for (int i = 0; list != NULL && i < list->cnt; i++) {
        int32_t partition = list->elems[i].partition;
        if (partition >= 0 && partition < LANES_MAX) {
            member->lanes[member->count++] = (uint16_t)partition;
        }
    }
    qsort(member->lanes, member->count, sizeof *member->lanes, by_number);
    member->number++;
    member->changed = true;
}

/* An empty list keeps the member in the group and fetches nothing; NULL here would leave it waiting
 * for an assignment for ever. */
static void agree(rd_kafka_t *client) {
    rd_kafka_topic_partition_list_t *nothing = rd_kafka_topic_partition_list_new(0);
    rd_kafka_assign(client, nothing);
    rd_kafka_topic_partition_list_destroy(nothing);
}

/* On the polling thread, from inside membership_poll and membership_free. */
static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t *list, void *opaque) {
    struct membership *member = opaque;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        member->counters.assigned++;
        member->revoked_ms = 0;
        keep(member, list);
        agree(client);
        return;
    }
    if (rd_kafka_assignment_lost(client)) {
        member->counters.lost++;
        keep(member, NULL);
    } else {
        member->counters.revoked++;
        member->revoked_ms = clock_monotonic_ms();
    }
    rd_kafka_assign(client, NULL);
}

static void on_commit(rd_kafka_t *client, rd_kafka_resp_err_t code,
                      rd_kafka_topic_partition_list_t *list, void *opaque) {
    (void)client;
    (void)list;
    struct membership *member = opaque;
    member->counters.commits_failed += code == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : 1;
}

static const struct kconf_property own_defaults[] = {
    {"partition.assignment.strategy", "range"},
    {"max.poll.interval.ms", "45000"}, /* a thread that is stuck gives its lanes up */
    {NULL, NULL},
};

static bool set_own(rd_kafka_conf_t *conf, const struct membership_options *options,
                    struct err *err) {
    int session_ms =
        options->session_timeout_ms == 0 ? SESSION_TIMEOUT_MS : options->session_timeout_ms;
    char strategy[256] = "";
    size_t size = sizeof strategy;
    rd_kafka_conf_get(conf, "partition.assignment.strategy", strategy, &size);
    if (strstr(strategy, "cooperative") != NULL) {
        return err_set(err, ERR_USAGE,
                       "Kafka property partition.assignment.strategy: only range and roundrobin "
                       "are supported");
    }
    return kconf_set(conf, "group.id", options->group_id, err) &&
           kconf_set_int(conf, "session.timeout.ms", session_ms, err) &&
           kconf_set_int(conf, "heartbeat.interval.ms", session_ms / 3, err);
}

static rd_kafka_t *make_client(struct membership *member, const struct membership_options *options,
                               struct err *err) {
    rd_kafka_conf_t *conf =
        kconf_new(options->kafka, KCONF_CONSUMER, own_defaults, &member->watch, err);
    if (conf == NULL) {
        return NULL;
    }
    if (!set_own(conf, options, err)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    char interval[24] = "";
    size_t size = sizeof interval;
    rd_kafka_conf_get(conf, "max.poll.interval.ms", interval, &size); /* what JoinGroup asks for */
    member->rebalance_ms = strtoll(interval, NULL, 10);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf, on_commit);
    return kconf_client(conf, RD_KAFKA_CONSUMER, err);
}

static bool subscribe(struct membership *member, struct err *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, member->topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(member->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || kafka_error_set(err, code, "join the group");
}

struct membership *membership_new(const struct membership_options *options, struct err *err) {
    struct membership *member = calloc(1, sizeof *member);
    CHECK(member != NULL);
    member->topic = options->topic;
    member->lanes = calloc(LANES_MAX, sizeof *member->lanes);
    CHECK(member->lanes != NULL);
    member->client = make_client(member, options, err);
    if (member->client == NULL) {
        free(member->lanes);
        free(member);
        return NULL;
    }
    rd_kafka_poll_set_consumer(member->client);
    member->queue = rd_kafka_queue_get_consumer(member->client);
    if (!subscribe(member, err)) {
        membership_free(member);
        return NULL;
    }
    return member;
}

static void serve(struct membership *member, int timeout_ms) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(member->client, timeout_ms);
    if (message != NULL) {
        /* Nothing is assigned, so it is an error; the error callback has counted what matters. */
        rd_kafka_message_destroy(message);
    }
}

static void leave(struct membership *member) {
    rd_kafka_error_t *error = rd_kafka_consumer_close_queue(member->client, member->queue);
    int64_t deadline_ms = clock_monotonic_ms() + LEAVE_MS;
    while (error == NULL && !rd_kafka_consumer_closed(member->client) &&
           clock_monotonic_ms() < deadline_ms) {
        serve(member, 10);
    }
    rd_kafka_error_destroy(error);
}

void membership_free(struct membership *member) {
    if (member == NULL) {
        return;
    }
    leave(member);
    rd_kafka_queue_destroy(member->queue);
    rd_kafka_destroy_flags(member->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(member->lanes);
    free(member);
}

/* The group has gone on without us: nobody tells a member that did not come back in time, and one
 * that is dead holds nothing either. */
static bool is_left_behind(const struct membership *member) {
    return membership_failed(member, NULL) ||
           (member->revoked_ms != 0 &&
            clock_monotonic_ms() - member->revoked_ms > member->rebalance_ms);
}

bool membership_poll(struct membership *member, int timeout_ms) {
    member->changed = false;
    serve(member, timeout_ms);
    if (member->count > 0 && is_left_behind(member)) {
        member->counters.lost++;
        keep(member, NULL);
    }
    return member->changed;
}

void membership_wake(struct membership *member) {
    rd_kafka_queue_yield(member->queue);
}

void membership_current(const struct membership *member, struct membership_assignment *out) {
    *out = (struct membership_assignment){
        .number = member->number, .lanes = member->lanes, .count = member->count};
}

bool membership_failed(const struct membership *member, struct err *err) {
    char text[512];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(member->client, text, sizeof text);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return false;
    }
    err_set(err, ERR_OPERATOR, "group membership: %s: %s", rd_kafka_err2name(code), text);
    return true;
}

void membership_mirror(struct membership *member, const struct membership_offset *offsets,
                       size_t count) {
    if (count == 0) {
        return;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_topic_partition_list_add(list, member->topic, offsets[i].lane)->offset =
            offsets[i].next_offset;
    }
    if (rd_kafka_commit(member->client, list, 1) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        member->counters.commits_failed++;
    }
    rd_kafka_topic_partition_list_destroy(list);
}

const struct membership_counters *membership_counters(const struct membership *member) {
    return &member->counters;
}
