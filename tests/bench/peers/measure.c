#include "tests/bench/peers/measure.h"

#include <inttypes.h>

#include "tests/bench/meter.h"
#include "tests/bench/peers/books.h"

/* Of the whole server, which serves nobody else meanwhile. */
struct costs {
    struct meter_reading reading; /* worker: the Redis */
    int64_t fsyncs;
};

static struct costs play(struct site *site, const struct peer *peer, const struct point *point,
                         struct yield *yield) {
    struct meter meter;
    meter_begin(&meter, &site->ledger.sandbox, site->db, site->redis.process.pid);
    peer->play(site, point, yield);
    site_wait_alone(site);
    return (struct costs){.reading = meter_read(&meter), .fsyncs = meter_fsyncs(&meter)};
}

static void write_line(FILE *json, const struct peer *peer, const struct point *point,
                       struct measure_label label, const struct yield *yield,
                       const struct costs *costs, bool is_verified) {
    double count = yield->commands > 0 ? (double)yield->commands : 1;
    const struct latencies *latencies = &yield->latencies;
    bool is_hot = point->variant == VARIANT_HOT;
    fprintf(json,
            "{\"workload\":\"%s\",\"system\":\"%s\",\"variant\":\"%s\",\"mode\":\"D\",\"run\":%d,"
            "\"best\":%s,\"clients\":%d,\"commands\":%" PRId64 ",\"per_s\":%.1f,",
            is_hot ? "W3" : "W1", peer->name, is_hot ? "hot" : "uniform", label.run,
            label.is_best ? "true" : "false", point->clients, yield->commands, yield->per_s);
    fprintf(json, "\"cpu_us\":{\"database\":%.2f,\"broker\":%.2f,\"client\":%.2f",
            (double)costs->reading.database_us / count, (double)costs->reading.broker_us / count,
            (double)yield->client_us / count);
    if ((peer->needs & SITE_REDIS) != 0) {
        fprintf(json, ",\"redis\":%.2f", (double)costs->reading.worker_us / count);
    }
    fprintf(json,
            "},\"wal_bytes\":%.1f,\"fsyncs\":%.4f,\"latency_us\":{\"p50\":%" PRId64
            ",\"p90\":%" PRId64 ",\"p99\":%" PRId64 ",\"max\":%" PRId64 "},\"verified\":%s}\n",
            (double)costs->reading.wal_bytes / count, (double)costs->fsyncs / count,
            latencies_percentile(latencies, 50), latencies_percentile(latencies, 90),
            latencies_percentile(latencies, 99), latencies_percentile(latencies, 100),
            is_verified ? "true" : "false");
    (void)fflush(json);
}

struct measurement measure(struct site *site, const struct peer *peer, const struct point *point,
                           struct measure_label label, FILE *json) {
    struct yield yield = {.commands = 0};
    if ((peer->needs & SITE_BACKLOG) != 0) {
        backlog_fill(&site->backlog, site->db, point);
    }
    struct books before = books_count(site->db);
    struct costs costs = play(site, peer, point, &yield);
    struct measurement measurement = {.per_s = yield.per_s,
                                      .is_verified = books_hold(site->db, &before, &yield)};
    latencies_sort(&yield.latencies);
    write_line(json, peer, point, label, &yield, &costs, measurement.is_verified);
    latencies_close(&yield.latencies);
    return measurement;
}
