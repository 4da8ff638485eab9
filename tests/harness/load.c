#include "tests/harness/load.h"

#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define OPEN_TIMEOUT_MS 60000
#define PACE_MS 10

static void *send_until_over(void *context) {
    struct load *load = context;
    int64_t begin = clock_monotonic_ms();
    uint64_t sent = 0;
    while (!atomic_load(&load->is_over)) {
        uint64_t due =
            (uint64_t)(clock_monotonic_ms() - begin) * load->plan.rate / 1000;
        for (; sent < due && !atomic_load(&load->is_over); sent++) {
            traffic_send(load->traffic, &load->sender);
        }
        rd_kafka_poll(load->sender.client, PACE_MS);
    }
    return NULL;
}

void load_start(struct load *load, const struct ledger *ledger, const struct load_plan *plan) {
    *load = (struct load){.plan = *plan};
    atomic_init(&load->is_over, false);
    load->traffic = traffic_new(&plan->traffic);
    sender_open(&load->sender, ledger->sandbox.brokers, ledger->commands);
    traffic_open_accounts(load->traffic, &load->sender);
    sender_flush(&load->sender, OPEN_TIMEOUT_MS);
    must(pthread_create(&load->thread, NULL, send_until_over, load) == 0, "no thread");
}

uint64_t load_stop(struct load *load, int64_t timeout_ms) {
    atomic_store(&load->is_over, true);
    pthread_join(load->thread, NULL);
    sender_flush(&load->sender, timeout_ms);
    uint64_t accepted = load->sender.acked;
    sender_close(&load->sender);
    traffic_free(load->traffic);
    return accepted;
}
