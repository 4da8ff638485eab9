/* Sends what a worker publishes after its commits, and knows how far the broker has it.
 *
 * One idempotent producer for all writers. Per lane, outputs are sent in log order and closed off
 * by marks; outbox_published is the last mark with nothing unacknowledged before it, which is what
 * the lane row's published_offset may say. Nothing is retried by hand and nothing times out: an
 * output waits for the broker until it is acknowledged, refused for good, or its tenure ends.
 *
 * Threads: a lane belongs to one thread at a time (its writer), which alone calls the functions
 * that name the lane; outbox_poll belongs to one thread of its own; the rest says so. */
#ifndef TELLER_ADAPTERS_OUTBOX_H
#define TELLER_ADAPTERS_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/topic_names.h"
#include "common/slice.h"

struct outbox;

struct outbox_options {
    const struct kafka_settings *kafka;
    const struct topic_names *topics; /* copied */
    uint16_t lanes;
    uint32_t lane_cap; /* unacknowledged outputs that one lane may have */
};

enum outbox_topic { OUTBOX_RESULTS, OUTBOX_DEAD_LETTERS, OUTBOX_COMMANDS };

#define OUTBOX_HEADERS_MAX 12

struct outbox_header {
    struct slice name;
    struct slice value;
};

/* One record to publish. Everything is copied. */
struct outbox_message {
    enum outbox_topic topic;
    uint16_t partition;
    struct slice key;   /* at == NULL: no key */
    struct slice value; /* at == NULL: tombstone */
    const struct outbox_header *headers;
    size_t headers_count; /* at most OUTBOX_HEADERS_MAX */
};

enum outbox_send {
    OUTBOX_SENT,   /* on its way, or refused for good, counted and passed */
    OUTBOX_FULL,   /* the lane's cap or the producer's queue: try again after a while */
    OUTBOX_BROKEN, /* the lane needs a new tenure: outbox_broken */
};

struct outbox_counters {
    uint64_t refused;         /* by the broker, for good: counted and passed */
    uint64_t failed;          /* not acknowledged and not refused: their lanes became broken */
    uint64_t unacknowledged;  /* now */
    const char *last_refusal; /* why; a constant text */
};

/* NULL: *err says why. Does not wait for a broker. */
struct outbox *outbox_new(const struct outbox_options *options, struct err *err);

/* Outputs that are not acknowledged are given up: they are re-sent from published_offset by
 * whoever takes their lanes next. No other thread may be inside a function of this outbox. */
void outbox_free(struct outbox *outbox);

/* Connects to the leaders of all topics, which lets the client fetch its producer id meanwhile, so
 * that the first output is not a second late (measured: 3-10 ms). False: not ready within
 * timeout_ms, which hurts nothing but latency. Any thread. */
bool outbox_warm(struct outbox *outbox, int timeout_ms);

/* Starts a new tenure of a lane: what was sent before is forgotten (its reports are ignored), and
 * published starts at `published_offset`. */
void outbox_begin(struct outbox *outbox, uint16_t lane, int64_t published_offset);

/* Never blocks. A leg (OUTBOX_COMMANDS) is never passed: refused for good, it breaks the lane. */
enum outbox_send outbox_send(struct outbox *outbox, uint16_t lane,
                             const struct outbox_message *message);

/* Nothing more comes for now: what was handed over does not wait for company (linger.ms) any more.
 * It does all the same while an earlier request of its partition is under way, and if the client's
 * thread does not get to run meanwhile. Does not block. Any thread. */
void outbox_hurry(struct outbox *outbox);

/* All outputs of records below `next_offset` have been sent. Offsets must not fall. */
void outbox_mark(struct outbox *outbox, uint16_t lane, int64_t next_offset);

/* Every output of records below the returned offset is acknowledged. */
int64_t outbox_published(struct outbox *outbox, uint16_t lane);

/* Outputs of this tenure that are not acknowledged yet. */
uint32_t outbox_pending(const struct outbox *outbox, uint16_t lane);

/* True: an output of this tenure failed. Begin a new tenure and send again from published_offset.
 * After a fatal error (outbox_fatal) all lanes are broken, and stay so in this outbox. */
bool outbox_broken(const struct outbox *outbox, uint16_t lane);

/* Why the lane is broken, or why an output of it found no room; a constant text. */
const char *outbox_failure(const struct outbox *outbox, uint16_t lane);

/* Serves acknowledgements for up to timeout_ms, or a moment where somebody hurries; returns how
 * many, those of the moment left out. */
int outbox_poll(struct outbox *outbox, int timeout_ms);

/* True: the producer is dead; make a new outbox and a new tenure for each lane. Any thread. */
bool outbox_fatal(const struct outbox *outbox, struct err *err);

/* Any thread. */
void outbox_counters(const struct outbox *outbox, struct outbox_counters *out);

#endif
