#include "producer/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/partition.h"
#include "common/rt/clock.h"
#include "common/rt/stop.h"
#include "producer/await.h"
#include "producer/link.h"
#include "producer/lookup.h"

#define uthash_fatal(message) check_failed(message, __FILE__, __LINE__)
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)uuid_hash((const struct uuid *)(key), 0))
#include <uthash.h>

#define PUMP_EVERY 64      /* sends between two looks at what has come */
#define FULL_WAIT_MS 20    /* a look at the stop flag at least that often */
#define DELIVERY_WAIT_MS 1 /* while both a delivery and a result may come */
#define STOP_GRACE_MS 1000
#define REPEATED_WAIT_MS 5000 /* for a command whose first sending may be under way still */

enum stage {
    STAGE_SENT,    /* the broker has not answered */
    STAGE_AWAITED, /* accepted; the worker has not answered */
    STAGE_DONE,    /* waits for its turn to be reported */
};

struct entry {
    enum stage stage;
    int64_t deadline_ms; /* monotonic */
    struct await await;
    struct report report;
    UT_hash_handle hh; /* by report.id; with wait, until done */
};

struct window {
    struct link link;
    struct window_options options;
    struct entry *entries; /* a ring: number n is at n % room */
    uint64_t first;        /* oldest that is not reported */
    uint64_t next;         /* number of the next one */
    uint64_t undelivered;
    struct entry *by_id;
    struct err reading; /* kind NONE: results can be read */
    struct result result;
    struct lookup lookup;
};

static struct entry *entry_at(const struct window *window, uint64_t number) {
    return &window->entries[number % window->options.room];
}

bool window_busy(const struct window *window) {
    return window->first < window->next;
}

static void report_in_order(struct window *window) {
    while (window_busy(window) && entry_at(window, window->first)->stage == STAGE_DONE) {
        const struct entry *entry = entry_at(window, window->first++);
        window->options.done(window->options.context, &entry->report);
    }
}

static void finish_entry(struct window *window, struct entry *entry) {
    if (window->link.waiter != NULL && entry->stage != STAGE_DONE) {
        HASH_DEL(window->by_id, entry);
    }
    entry->stage = STAGE_DONE;
}

static void on_delivery(void *context, void *token, const struct delivery *delivery) {
    struct window *window = context;
    struct entry *entry = token;
    CHECK(entry->stage == STAGE_SENT && window->undelivered > 0);
    window->undelivered--;
    struct report *report = &entry->report;
    if (delivery->state == DELIVERY_ACCEPTED) {
        report->state = REPORT_ACCEPTED;
        report->offset = delivery->offset;
    } else {
        bool certain = delivery->state == DELIVERY_FAILED;
        report->state = certain ? REPORT_UNSENT : REPORT_UNKNOWN;
        report->kind = delivery->err.kind;
        snprintf(report->detail, sizeof report->detail, "%.*s", REPORT_DETAIL_MAX - 1,
                 delivery->err.text);
    }
    if (window->link.waiter != NULL && report->state == REPORT_ACCEPTED) {
        entry->stage = STAGE_AWAITED;
    } else {
        finish_entry(window, entry);
        report_in_order(window);
    }
}

/* A repeated command was pending when it was answered: what the database says of it now. Without a
 * database its final answer can only be waited for, and only if it is still to come. */
static bool look_up(struct window *window, struct entry *entry) {
    if (window->lookup.conninfo != NULL) {
        return lookup_final(&window->lookup, &entry->report);
    }
    int64_t end_ms = clock_monotonic_ms() + REPEATED_WAIT_MS;
    entry->deadline_ms = end_ms < entry->deadline_ms ? end_ms : entry->deadline_ms;
    return false;
}

static void take_result(struct window *window, const struct result *result) {
    struct entry *entry = NULL;
    if (result->has_id) {
        HASH_FIND(hh, window->by_id, &result->id, sizeof result->id, entry);
    }
    if (entry == NULL) {
        return;
    }
    /* The broker's word is on its way, since a worker has read the record. */
    while (entry->stage == STAGE_SENT && !stop_immediate()) {
        publisher_poll(window->link.publisher, DELIVERY_WAIT_MS);
    }
    if (entry->stage != STAGE_AWAITED) {
        return;
    }
    enum await_verdict verdict = await_take(&entry->await, &entry->report, result);
    if (verdict == AWAIT_DONE || (verdict == AWAIT_LOOK && look_up(window, entry))) {
        finish_entry(window, entry);
        report_in_order(window);
    }
}

/* Reads what is there; waits at most timeout_ms for a first result. */
static bool pump_results(struct window *window, int timeout_ms) {
    bool any = false;
    if (window->reading.kind != ERR_NONE) {
        return any;
    }
    enum waiter_answer answer =
        waiter_poll(window->link.waiter, timeout_ms, &window->result, &window->reading);
    for (int taken = 0; answer == WAITER_RESULT && taken < PUMP_EVERY; taken++) {
        any = true;
        take_result(window, &window->result);
        answer = waiter_poll(window->link.waiter, 0, &window->result, &window->reading);
    }
    if (answer == WAITER_RESULT) {
        take_result(window, &window->result);
    }
    return any;
}

/* A final answer that came alone is not known to be the own record's. */
static void give_up(struct window *window, struct entry *entry, const char *why) {
    struct report *report = &entry->report;
    if (!entry->await.is_pending) {
        report->state = REPORT_UNKNOWN;
        report->has_balance = false;
        report->has_available = false;
    }
    if (report->state != REPORT_PENDING || report->detail[0] == '\0') {
        snprintf(report->detail, sizeof report->detail, "%s", why);
    }
    finish_entry(window, entry);
}

static void say_late(const struct window *window, const struct entry *entry, char *why,
                     size_t size) {
    if (entry->report.duplicate && window->lookup.conninfo == NULL) {
        snprintf(why, size,
                 "sent before, and pending when it was first answered: its final result came "
                 "earlier, or is late; set TELLER_DB to have it looked up here");
    } else {
        snprintf(why, size, "accepted, but no final result came within %lld s",
                 (long long)window->options.timeout_ms / 1000);
    }
}

/* Deadlines rise with the order, so that only the oldest needs a look. (One that was brought
 * forward, look_up, takes effect when its entry is the oldest.) */
static void expire(struct window *window) {
    int64_t now = clock_monotonic_ms();
    while (window_busy(window)) {
        struct entry *entry = entry_at(window, window->first);
        if (entry->stage != STAGE_AWAITED) {
            return;
        }
        char why[REPORT_DETAIL_MAX];
        if (window->reading.kind != ERR_NONE) {
            snprintf(why, sizeof why, "accepted, but its result cannot be read: %.150s",
                     window->reading.text);
        } else if (now >= entry->deadline_ms) {
            say_late(window, entry, why, sizeof why);
        } else {
            return;
        }
        give_up(window, entry, why);
        report_in_order(window);
    }
}

void window_pump(struct window *window, int timeout_ms) {
    if (window->link.waiter == NULL) {
        publisher_poll(window->link.publisher, timeout_ms);
        return;
    }
    bool any = publisher_poll(window->link.publisher, 0) > 0;
    any = pump_results(window, 0) || any;
    if (!any && timeout_ms > 0) {
        if (window->undelivered > 0 || window->reading.kind != ERR_NONE) {
            publisher_poll(window->link.publisher, DELIVERY_WAIT_MS);
        } else {
            pump_results(window, timeout_ms);
        }
    }
    expire(window);
}

static bool wait_for_room(struct window *window) {
    while (window->next - window->first == window->options.room && !stop_requested()) {
        window_pump(window, FULL_WAIT_MS);
    }
    return window->next - window->first < window->options.room;
}

static bool same_id_under_way(const struct window *window, const struct uuid *id) {
    struct entry *entry = NULL;
    HASH_FIND(hh, window->by_id, id, sizeof *id, entry);
    return entry != NULL;
}

static bool wait_for_id(struct window *window, const struct uuid *id) {
    while (same_id_under_way(window, id) && !stop_requested()) {
        window_pump(window, FULL_WAIT_MS);
    }
    return !same_id_under_way(window, id);
}

static bool publish(struct window *window, struct entry *entry, const struct command *command,
                    struct slice json, struct err *err) {
    struct publisher_headers headers = {
        .id = window->options.plain_records ? NULL : &command->id,
        .type = command_type_word(command->type),
        .source = window->options.source,
    };
    struct slice key = {(const uint8_t *)command->entity.text, command->entity.len};
    return publisher_send(window->link.publisher, entry, (uint16_t)entry->report.lane, key, json,
                          &headers, err);
}

static struct entry *add_entry(struct window *window) {
    struct entry *entry = entry_at(window, window->next++);
    entry->deadline_ms = clock_monotonic_ms() + window->options.timeout_ms;
    entry->await = (struct await){.is_pending = false};
    return entry;
}

void window_send(struct window *window, int64_t line, const struct command *command,
                 struct slice json) {
    if (!wait_for_room(window) ||
        (window->link.waiter != NULL && !wait_for_id(window, &command->id))) {
        return;
    }
    struct entry *entry = add_entry(window);
    report_command(&entry->report, line, command);
    entry->report.state = REPORT_UNKNOWN;
    entry->report.lane = partition_of(command->entity.text, command->entity.len,
                                      publisher_partitions(window->link.publisher));
    entry->stage = STAGE_SENT;
    window->undelivered++;
    if (window->link.waiter != NULL) {
        HASH_ADD(hh, window->by_id, report.id, sizeof entry->report.id, entry);
    }
    struct delivery failed = {.state = DELIVERY_FAILED, .offset = -1, .err = ERR_INIT};
    if (!publish(window, entry, command, json, &failed.err)) {
        on_delivery(window, entry, &failed);
    }
    if (window->next % PUMP_EVERY == 0) {
        window_pump(window, 0);
    }
}

void window_refuse(struct window *window, int64_t line, const struct refusal *why) {
    if (!wait_for_room(window)) {
        return;
    }
    struct entry *entry = add_entry(window);
    report_refusal(&entry->report, line, why);
    entry->stage = STAGE_DONE;
    report_in_order(window);
}

void window_finish(struct window *window) {
    int64_t end_ms = INT64_MAX;
    while (window_busy(window) && !stop_immediate() && clock_monotonic_ms() < end_ms) {
        window_pump(window, FULL_WAIT_MS);
        if (stop_requested() && end_ms == INT64_MAX) {
            end_ms = clock_monotonic_ms() + STOP_GRACE_MS;
        }
    }
    for (uint64_t number = window->first; number < window->next; number++) {
        struct entry *entry = entry_at(window, number);
        if (entry->stage != STAGE_DONE) {
            give_up(window, entry, "interrupted");
        }
    }
    report_in_order(window);
}

uint16_t window_partitions(const struct window *window) {
    return publisher_partitions(window->link.publisher);
}

struct window *window_open(const struct window_options *options, struct err *err) {
    CHECK(options->room > 0);
    struct window *window = calloc(1, sizeof *window);
    CHECK(window != NULL);
    window->options = *options;
    lookup_init(&window->lookup, options->db);
    window->entries = calloc(options->room, sizeof *window->entries);
    CHECK(window->entries != NULL);
    struct link_options link = {.kafka = options->kafka,
                                .topics = options->topics,
                                .timeout_ms = (int)options->timeout_ms,
                                .partitions = options->partitions,
                                .wait = options->wait,
                                .one_by_one = options->room == 1,
                                .only = options->only,
                                .report = on_delivery,
                                .context = window};
    if (!link_open(&window->link, &link, err)) {
        window_close(window);
        return NULL;
    }
    window->options.kafka = NULL; /* borrowed until here only */
    window->options.topics = NULL;
    window->options.only = NULL;
    return window;
}

void window_close(struct window *window) {
    if (window == NULL) {
        return;
    }
    link_close(&window->link);
    lookup_close(&window->lookup);
    HASH_CLEAR(hh, window->by_id);
    free(window->entries);
    free(window);
}
