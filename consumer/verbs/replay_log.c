#include "consumer/verbs/replay_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "consumer/adapters/lane_source.h"
#include "consumer/verbs/replay_dump.h"

#define PORTION 4096
#define POLL_MS 200
#define SILENCE_MS 15000 /* records that the database has applied must come: no longer wait */
#define ANSWER_MS 5000
#define MEMORY_BYTES ((size_t)32 << 20)

struct replay_log {
    struct replay_log_options options;
    struct lane_source *source; /* NULL: a dump */
    struct lane_source_record read[PORTION];
    FILE *dump;
    FILE *write;
    uint64_t line_number;
    struct replay_line lines[PORTION];
    size_t held; /* entries of `read` or `lines` that were given out, or wait */
    size_t given;
    int64_t next; /* records below were given out */
};

static FILE *open_file(const char *name, const char *mode, FILE *standard, struct err *err) {
    FILE *file = strcmp(name, "-") == 0 ? standard : fopen(name, mode);
    if (file == NULL) {
        (void)err_set(err, ERR_USAGE, "%s: cannot be opened", name);
    }
    return file;
}

static bool open_source(struct replay_log *log, struct err *err) {
    const struct replay_log_options *options = &log->options;
    const struct lane_source_options source = {.kafka = options->kafka,
                                               .topic = options->topic,
                                               .group_id = "tellerd-admin",
                                               .partitions = options->lanes,
                                               .memory_bytes = MEMORY_BYTES};
    int64_t low;
    int64_t high;
    log->source = lane_source_new(&source, err);
    if (log->source == NULL ||
        !lane_source_watermarks(log->source, options->lane, ANSWER_MS, &low, &high, err)) {
        return false;
    }
    if (low > options->from) {
        return err_set(err, ERR_OPERATOR,
                       "lane %d: records %" PRId64 " to %" PRId64
                       " are gone from the log: replay a dump of them",
                       options->lane, options->from, low - 1);
    }
    return lane_source_add(log->source, options->lane, options->from, err);
}

static bool open_log(struct replay_log *log, struct err *err) {
    const struct replay_log_options *options = &log->options;
    if (options->write != NULL) {
        log->write = open_file(options->write, "w", stdout, err);
        if (log->write == NULL) {
            return false;
        }
    }
    if (options->dump == NULL) {
        return open_source(log, err);
    }
    log->dump = open_file(options->dump, "r", stdin, err);
    return log->dump != NULL;
}

struct replay_log *replay_log_new(const struct replay_log_options *options, struct err *err) {
    struct replay_log *log = calloc(1, sizeof *log);
    CHECK(log != NULL);
    log->options = *options;
    log->next = options->from;
    if (open_log(log, err)) {
        return log;
    }
    (void)replay_log_close(log, NULL);
    return NULL;
}

static void release(struct replay_log *log) {
    if (log->source != NULL) {
        lane_source_release(log->read, log->held);
    }
    for (size_t i = 0; log->source == NULL && i < log->held; i++) {
        replay_line_close(&log->lines[i]);
    }
    log->held = 0;
    log->given = 0;
}

static bool write_failed(const struct replay_log *log, struct err *err) {
    return err_set(err, ERR_UNREACHABLE, "%s: cannot be written: %m", log->options.write);
}

/* A full disk may show only here, where the last records leave their buffer. */
static bool close_write(const struct replay_log *log, struct err *err) {
    if (log->write == NULL) {
        return true;
    }
    const int status = log->write == stdout ? fflush(stdout) : fclose(log->write);
    return status == 0 || write_failed(log, err);
}

bool replay_log_close(struct replay_log *log, struct err *err) {
    if (log == NULL) {
        return true;
    }
    release(log);
    if (log->source != NULL) {
        lane_source_free(log->source);
    }
    if (log->dump != NULL && log->dump != stdin) {
        (void)fclose(log->dump);
    }
    const bool written = close_write(log, err);
    free(log);
    return written;
}

static bool check_events(struct replay_log *log, struct err *err) {
    struct lane_source_event event;
    while (lane_source_event(log->source, &event)) {
        if (event.kind != LANE_SOURCE_TRANSPORT) {
            return err_set(err, ERR_UNREACHABLE, "reading lane %d: %s", log->options.lane,
                           event.text);
        }
    }
    return true;
}

/* What the database has applied is in the log: a broker that does not give it is a failure. */
static bool fill_from_kafka(struct replay_log *log, struct err *err) {
    const int64_t deadline_ms = clock_monotonic_ms() + SILENCE_MS;
    while (log->held == 0) {
        log->held = lane_source_poll(log->source, log->read, PORTION, POLL_MS);
        if (!check_events(log, err)) {
            return false;
        }
        if (log->held == 0 && clock_monotonic_ms() > deadline_ms) {
            return err_set(err, ERR_UNREACHABLE,
                           "lane %d: no record from offset %" PRId64 " on has come",
                           log->options.lane, log->next);
        }
    }
    return true;
}

static bool fill_from_dump(struct replay_log *log, struct err *err) {
    while (log->held < PORTION) {
        struct replay_line *line = &log->lines[log->held];
        switch (replay_dump_read(log->dump, &log->line_number, line, err)) {
        case REPLAY_BAD: return err_context(err, "%s", log->options.dump);
        case REPLAY_END: return true;
        case REPLAY_LINE: break;
        }
        if (line->lane == log->options.lane && line->record.offset >= log->next) {
            log->held++;
        } else {
            replay_line_close(line);
        }
    }
    return true;
}

static const struct record *held_record(const struct replay_log *log, size_t index) {
    return log->source != NULL ? &log->read[index].record : &log->lines[index].record;
}

bool replay_log_read(struct replay_log *log, int64_t to, struct record *records, size_t max,
                     size_t *count, struct err *err) {
    *count = 0;
    if (log->next >= to) {
        return true;
    }
    if (log->given == log->held) {
        release(log);
        if (!(log->source != NULL ? fill_from_kafka(log, err) : fill_from_dump(log, err))) {
            return false;
        }
    }
    while (log->given < log->held && *count < max && held_record(log, log->given)->offset < to) {
        records[*count] = *held_record(log, log->given++);
        log->next = records[*count].offset + 1;
        if (log->write != NULL &&
            !replay_dump_write(log->write, log->options.lane, &records[*count])) {
            return write_failed(log, err);
        }
        ++*count;
    }
    return true;
}
