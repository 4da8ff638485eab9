#include "tests/harness/latencies.h"

#include <stdlib.h>

#include "tests/harness/must.h"
#include "tests/harness/pack.h"

void latencies_add(struct latencies *latencies, uint32_t us) {
    if (latencies->count == latencies->room) {
        latencies->room = latencies->room == 0 ? 4096 : latencies->room * 2;
        latencies->us = realloc(latencies->us, latencies->room * sizeof *latencies->us);
        must(latencies->us != NULL, "out of memory");
    }
    latencies->us[latencies->count++] = us;
}

void latencies_add_pack(struct latencies *latencies, const struct pack *pack) {
    for (int client = 0; client < pack->count; client++) {
        const struct protocol_record *records = pack_records(pack, client);
        int64_t count = pack_head(pack, client).count;
        for (int64_t i = 0; i < count; i++) {
            latencies_add(latencies, records[i].latency_us);
        }
    }
}

static int compare(const void *a, const void *b) {
    const uint32_t left = *(const uint32_t *)a;
    const uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

void latencies_sort(struct latencies *latencies) {
    if (latencies->count > 0) {
        qsort(latencies->us, latencies->count, sizeof *latencies->us, compare);
    }
}

int64_t latencies_percentile(const struct latencies *latencies, size_t percent) {
    size_t count = latencies->count;
    return count == 0 ? 0 : latencies->us[(count * percent + 99) / 100 - 1];
}

void latencies_close(struct latencies *latencies) {
    free(latencies->us);
    *latencies = (struct latencies){NULL, 0, 0};
}
