#include "consumer/runtime/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/command.h"
#include "common/outcome.h"
#include "common/rt/clock.h"
#include "consumer/adapters/lane_source.h"
#include "consumer/core/lane_stop.h"
#include "consumer/runtime/sight.h"
#include "consumer/runtime/streak.h"
#include "consumer/runtime/tenancy.h"

#define REASON_MAX 128
#define ALIVE_MS 30000 /* a take may wait for seconds; longer than this is a hang */

static void add_metric(struct strbuf *out, const char *name, const char *type, const char *help) {
    strbuf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_counter(struct strbuf *out, const char *name, const char *help,
                        const atomic_uint_fast64_t *counter) {
    add_metric(out, name, "counter", help);
    strbuf_printf(out, "%s %" PRIu64 "\n", name, (uint64_t)atomic_load(counter));
}

static const char *type_word(int number) {
    enum command_type type;
    return command_type_from_number(number, &type) ? command_type_word(type) : "unknown";
}

static void add_answers(struct strbuf *out, const struct board *board) {
    add_metric(out, "teller_commands_total", "counter", "Answers published, repeated ones too");
    for (int type = 0; type < BOARD_TYPES; type++) {
        for (int number = 0; number < BOARD_OUTCOMES; number++) {
            uint64_t count = atomic_load(&board->answers[type][number]);
            enum outcome outcome;
            if (count > 0 && outcome_from_number(number, &outcome)) {
                strbuf_printf(out,
                              "teller_commands_total{type=\"%s\",outcome=\"%s\"} %" PRIu64 "\n",
                              type_word(type), outcome_word(outcome), count);
            }
        }
    }
}

/* An id with two payloads is a rule's refusal, and the second payload is kept all the same. */
static bool is_quarantine_reason(enum outcome outcome) {
    return outcome == OUTCOME_ID_CONFLICT || outcome_state(outcome) == STATE_QUARANTINED;
}

static void add_quarantined(struct strbuf *out, const struct board *board) {
    add_metric(out, "teller_quarantined_total", "counter", "Records kept in the quarantine");
    for (int number = 0; number < BOARD_OUTCOMES; number++) {
        enum outcome outcome;
        if (outcome_from_number(number, &outcome) && is_quarantine_reason(outcome)) {
            strbuf_printf(out, "teller_quarantined_total{reason=\"%s\"} %" PRIu64 "\n",
                          outcome_word(outcome),
                          (uint64_t)atomic_load(&board->quarantined[number]));
        }
    }
}

/* What a lane is doing, in one word. */
static const char *lane_word(const struct board_lane *lane) {
    switch ((enum tenancy_state)atomic_load(&lane->state)) {
    case TENANCY_ABSENT: return "absent";
    case TENANCY_DUE: return "taking";
    case TENANCY_HELD: return "running";
    case TENANCY_RECALLED:
    case TENANCY_SETTLING: return "leaving";
    case TENANCY_STOPPED: return lane_stop_word((enum lane_stop)atomic_load(&lane->stop));
    }
    return "?";
}

static void add_lanes(struct strbuf *out, const struct board *board) {
    add_metric(out, "teller_lane_state", "gauge", "1 for the state that each lane is in");
    for (uint16_t i = 0; i < board->lanes_count; i++) {
        strbuf_printf(out, "teller_lane_state{lane=\"%d\",state=\"%s\"} 1\n", i,
                      lane_word(&board->lanes[i]));
    }
    add_metric(out, "teller_lane_next_offset", "gauge", "First record that is not applied yet");
    for (uint16_t i = 0; i < board->lanes_count; i++) {
        int64_t next = atomic_load(&board->lanes[i].next_offset);
        if (next >= 0) {
            strbuf_printf(out, "teller_lane_next_offset{lane=\"%d\"} %" PRId64 "\n", i, next);
        }
    }
}

static void add_alarms(struct strbuf *out, const struct board *board) {
    add_metric(out, "teller_lane_quarantine_alarm", "gauge",
               "1: the lane's last records of clients were all quarantined");
    for (uint16_t i = 0; i < board->lanes_count; i++) {
        if (atomic_load(&board->lanes[i].state) != TENANCY_ABSENT) {
            strbuf_printf(out, "teller_lane_quarantine_alarm{lane=\"%d\"} %d\n", i,
                          streak_alarm(&board->lanes[i]));
        }
    }
}

static void add_batches(struct strbuf *out, const struct board *board) {
    const char *name = "teller_batch_duration_seconds";
    add_metric(out, name, "summary", "Transactions of the writers");
    strbuf_printf(out, "%s_sum{phase=\"commit\"} %.6f\n", name,
                  (double)atomic_load(&board->batch_us) / 1e6);
    strbuf_printf(out, "%s_count{phase=\"commit\"} %" PRIu64 "\n", name,
                  (uint64_t)atomic_load(&board->batches));
}

static void add_outbox(struct strbuf *out, const struct board *board) {
    add_counter(out, "teller_outbox_refused_total",
                "Outputs that the broker refused for good, passed", &board->refused);
    add_counter(out, "teller_outbox_failed_total", "Outputs that failed and are sent again",
                &board->failed);
    add_metric(out, "teller_outbox_unacknowledged", "gauge", "Outputs that the broker has not yet");
    strbuf_printf(out, "teller_outbox_unacknowledged %" PRIu64 "\n",
                  (uint64_t)atomic_load(&board->unacknowledged));
}

static void add_metrics(struct strbuf *out, const struct board *board) {
    add_answers(out, board);
    add_outbox(out, board);
    add_counter(out, "teller_lanes_lost_total", "Lanes taken again after a failure", &board->lost);
    add_quarantined(out, board);
    add_lanes(out, board);
    add_alarms(out, board);
    add_batches(out, board);
    add_counter(out, "teller_records_total", "Records read", &board->records);
    add_counter(out, "teller_redelivered_total", "Records read again and dropped",
                &board->redelivered);
    add_counter(out, "teller_sources_dropped_total",
                "Records whose ce_source was not fit to keep in the journal",
                &board->sources_dropped);
    add_counter(out, "teller_fencing_rejections_total", "Transactions refused: another owner",
                &board->fenced);
}

/* A JSON array of texts. */
struct reasons {
    struct strbuf *out;
    const char *comma;
};

static void add_reason(struct reasons *reasons, uint16_t number, const char *text) {
    strbuf_printf(reasons->out, "%s\"lane %d: %s\"", reasons->comma, number, text);
    reasons->comma = ",";
}

static void add_lane_reasons(struct reasons *reasons, const struct board_lane *lane,
                             uint16_t number) {
    int state = atomic_load(&lane->state);
    if (state != TENANCY_ABSENT && state != TENANCY_HELD) {
        add_reason(reasons, number, lane_word(lane));
    }
    if (sight_lost(lane)) {
        char text[REASON_MAX];
        snprintf(text, sizeof text, "cannot read: %s",
                 lane_source_error_name(atomic_load(&lane->unread_error)));
        add_reason(reasons, number, text);
    }
    if (streak_alarm(lane)) {
        add_reason(reasons, number, "nothing but quarantined records");
    }
}

/* Everything that keeps the worker from being ready. */
static void add_reasons(struct strbuf *out, const struct board *board) {
    struct reasons reasons = {.out = out, .comma = ""};
    strbuf_add_char(out, '[');
    if (!atomic_load(&board->assigned)) {
        strbuf_add_text(out, "\"no lanes assigned yet\"");
        reasons.comma = ",";
    }
    for (uint16_t i = 0; i < board->lanes_count; i++) {
        add_lane_reasons(&reasons, &board->lanes[i], i);
    }
    strbuf_add_char(out, ']');
}

void metrics_page(void *context, const char *path, struct http_page *page) {
    const struct board *board = context;
    if (strcmp(path, "/metrics") == 0) {
        page->status = 200;
        page->content_type = "text/plain; version=0.0.4; charset=utf-8";
        add_metrics(page->body, board);
    } else if (strcmp(path, "/livez") == 0) {
        int64_t silent_ms = clock_monotonic_ms() - atomic_load(&board->alive_ms);
        page->status = silent_ms < ALIVE_MS ? 200 : 503;
        strbuf_printf(page->body, "last turn %" PRId64 " ms ago\n", silent_ms);
    } else if (strcmp(path, "/readyz") == 0) {
        bool ready = atomic_load(&board->ready);
        page->status = ready ? 200 : 503;
        page->content_type = "application/json";
        strbuf_printf(page->body, "{\"ready\":%s,\"reasons\":", ready ? "true" : "false");
        add_reasons(page->body, board);
        strbuf_add_text(page->body, "}\n");
    }
}
