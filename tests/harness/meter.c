#include "tests/harness/meter.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "common/rt/clock.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"

#define PATH_ROOM (SANDBOX_TEXT_MAX + 64)

static struct meter_times now(const struct meter *meter) {
    return (struct meter_times){
        .wall_us = clock_monotonic_us(),
        .worker_us = proc_cpu_us(meter->worker),
        .database_us = proc_tree_cpu_us(meter->postmaster),
        .broker_us = proc_cpu_us(meter->broker),
    };
}

void meter_begin(struct meter *meter, const struct sandbox *sandbox, pid_t worker) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/base/pg/postmaster.pid", sandbox->dir);
    meter->postmaster = proc_read_pid(path);
    snprintf(path, sizeof path, "%s/kafka.pid", sandbox->dir);
    meter->broker = proc_read_pid(path);
    meter->worker = worker;
    must(meter->postmaster > 0 && meter->broker > 0, "no servers in %s", sandbox->dir);
    meter->begin = now(meter);
}

struct meter_times meter_read(const struct meter *meter) {
    struct meter_times times = now(meter);
    return (struct meter_times){
        .wall_us = times.wall_us - meter->begin.wall_us,
        .worker_us = times.worker_us - meter->begin.worker_us,
        .database_us = times.database_us - meter->begin.database_us,
        .broker_us = times.broker_us - meter->begin.broker_us,
    };
}

FILE *meter_json(const char *name) {
    char path[PATH_ROOM];
    const char *build = getenv("TELLER_BUILD");
    snprintf(path, sizeof path, "%s/bench", build != NULL ? build : "build");
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/bench/%s.json", build != NULL ? build : "build", name);
    FILE *file = fopen(path, "w");
    must(file != NULL, "cannot write %s", path);
    return file;
}
