/* Reads the commands topic for one writer: lanes come and go one by one, at offsets that the
 * database gave, and the lanes that stay notice nothing.
 *
 * All functions belong to one thread, the writer's, lane_source_wake excepted. Not polling is the
 * back-pressure: what librdkafka reads ahead is bounded by memory_bytes. */
#ifndef TELLER_ADAPTERS_LANE_SOURCE_H
#define TELLER_ADAPTERS_LANE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/record.h"

struct lane_source;

struct lane_source_options {
    const struct kafka_settings *kafka;
    const char *topic;    /* of commands */
    const char *group_id; /* librdkafka wants one; nothing is ever committed to it */
    uint16_t partitions;  /* lanes are 0 .. partitions-1 */
    size_t memory_bytes;  /* of records read ahead, overhead included; at least 8 MiB */
};

/* A record that was read. Its bytes live until it is released. */
struct lane_source_record {
    uint16_t lane;
    struct record record;
    void *handle; /* NULL once released */
};

#define LANE_SOURCE_NO_LANE UINT16_MAX

enum lane_source_event_kind {
    LANE_SOURCE_OUT_OF_RANGE, /* the log does not hold the offset; the lane reads nothing more until
                                 it is added again: ask lane_source_watermarks whether before or
                                 behind */
    LANE_SOURCE_GONE,         /* the broker knows no such topic or partition; goes on asking */
    LANE_SOURCE_DENIED,       /* not authorised, or not authenticated; goes on asking */
    LANE_SOURCE_CORRUPT,      /* a record's checksum is wrong: it is neither given out nor passed */
    LANE_SOURCE_TRANSPORT,    /* connection trouble; goes on by itself */
    LANE_SOURCE_FATAL,        /* the client is dead: make a new lane_source */
};

struct lane_source_event {
    enum lane_source_event_kind kind;
    uint16_t lane; /* LANE_SOURCE_NO_LANE: not about one lane */
    int code;      /* librdkafka's, for lane_source_error_name */
    char text[256];
};

/* NULL: *err says why. Does not wait for a broker. options is not kept, its texts are. */
struct lane_source *lane_source_new(const struct lane_source_options *options, struct err *err);

/* All records must have been released. */
void lane_source_free(struct lane_source *source);

/* Starts reading a lane that is not being read. The first record has an offset >= `offset`; offsets
 * rise strictly from there. */
bool lane_source_add(struct lane_source *source, uint16_t lane, int64_t offset, struct err *err);

/* Stops reading a lane (none: no effect). When it returns, poll gives out no record fetched for the
 * lane until it is added again, and then only from the new offset on. */
void lane_source_remove(struct lane_source *source, uint16_t lane);

/* Waits until a record is there (or an event, a wake, timeout_ms), then takes what is queued, at
 * most max. Returns how many; offsets of one lane are in order. Records of lanes whose release is
 * due later may be kept as long as needed. */
size_t lane_source_poll(struct lane_source *source, struct lane_source_record *records, size_t max,
                        int timeout_ms);

/* Ends a poll that is waiting, or the next one. Any thread. */
void lane_source_wake(struct lane_source *source);

/* Frees the records' memory. Those that are released already are passed over. */
void lane_source_release(struct lane_source_record *records, size_t count);

/* An event that was not taken yet. False: none. They arise in lane_source_poll; one is kept for
 * each lane and one for the client, and one that stops a lane is never replaced. */
bool lane_source_event(struct lane_source *source, struct lane_source_event *event);

/* True once the broker has answered a fetch for the lane since it was added: a record came, or the
 * word that there is none yet. Known after a poll; a lane that is not read was not heard of. */
bool lane_source_heard(const struct lane_source *source, uint16_t lane);

/* The protocol's name of an error, "TOPIC_AUTHORIZATION_FAILED". Any thread. */
const char *lane_source_error_name(int code);

/* First offset that the log holds, and the one behind its last record, asked of the broker. */
bool lane_source_watermarks(struct lane_source *source, uint16_t lane, int timeout_ms, int64_t *low,
                            int64_t *high, struct err *err);

#endif
