#include "common/kafka/kconf_watch.h"

#include <string.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "common/rt/log.h"

/* A broker that is down makes librdkafka talk for as long as it is: this much is enough to read. */
enum { LOG_WINDOW_MS = 10000, LOG_LINES_PER_WINDOW = 5 };

/* Severities as syslog(3) numbers them; its header would clash with our own names. */
enum { SEVERITY_ERR = 3, SEVERITY_NOTICE = 5, SEVERITY_INFO = 6 };

/* True when a line may be logged now; *muted gets how many were not since the last window. Threads
 * that meet at the edge of a window may let one line more through: no harm. */
static bool may_log(struct kconf_watch *watch, unsigned long long *muted) {
    int64_t window = clock_monotonic_ms() / LOG_WINDOW_MS + 1;
    *muted = 0;
    if (atomic_exchange(&watch->log_window, window) != window) {
        atomic_store(&watch->log_lines, 0);
        *muted = atomic_exchange(&watch->log_muted, 0);
    }
    if (atomic_fetch_add(&watch->log_lines, 1) < LOG_LINES_PER_WINDOW) {
        return true;
    }
    atomic_fetch_add(&watch->log_muted, 1);
    return false;
}

static enum log_level level_of(int severity) {
    if (severity <= SEVERITY_ERR) {
        return LOG_ERROR;
    }
    if (severity <= SEVERITY_NOTICE) {
        return LOG_WARN;
    }
    return severity == SEVERITY_INFO ? LOG_INFO : LOG_DEBUG;
}

/* Runs on any of librdkafka's threads. */
static void on_log(const rd_kafka_t *client, int severity, const char *facility, const char *text) {
    struct kconf_watch *watch = rd_kafka_opaque(client);
    unsigned long long muted;
    if (watch == NULL || may_log(watch, &muted)) {
        log_event(level_of(severity), "kafka client", "facility=%s muted=%llu text=\"%s\"",
                  facility, watch == NULL ? 0 : muted, text);
    }
}

/* Runs on the thread that polls the client. */
static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque) {
    (void)client;
    struct kconf_watch *watch = opaque;
    atomic_fetch_add(&watch->errors, 1);
    atomic_store(&watch->last_error, code);
    unsigned long long muted;
    if (may_log(watch, &muted)) {
        log_event(LOG_WARN, "kafka error", "code=%s muted=%llu text=\"%s\"",
                  rd_kafka_err2name((rd_kafka_resp_err_t)code), muted, reason);
    }
}

void kconf_watch_attach(struct kconf_watch *watch, rd_kafka_conf_t *conf) {
    CHECK(watch != NULL);
    memset(watch, 0, sizeof *watch);
    rd_kafka_conf_set_opaque(conf, watch);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
}
