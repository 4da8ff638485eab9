/* How fast a backlog is applied: commands lie in the topic, no producer runs, one worker starts.
 * Counted from the first tenth (warm-up: opening accounts, empty caches) to the last commit;
 * results are published; durability is on. The ledger is verified afterwards, and a run that is
 * wrong aborts.
 *
 * Transfers and purchases end by legs, which lie behind the backlog: these are counted from the
 * accounts on, without the tenth, or the time would have legs of commands that are not counted.
 *   usage: drain [commands, 2000000] [on one account, 1000000] [transfers, 400000]
 *                [purchases, 200000] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/partition.h"
#include "common/rt/clock.h"
#include "producer/workload.h"
#include "tests/harness/db.h"
#include "tests/harness/ledger.h"
#include "tests/harness/meter.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"
#include "tests/harness/worker.h"

#define LANES 8
#define ACCOUNTS 100000
#define SEED 1
#define TIMEOUT_MS 600000
#define POLL_MS 10

struct shape {
    const char *name;
    int64_t accounts;
    int64_t commands;
    int64_t stock; /* units of the product; 0: the shape has none */
    double floor;  /* least share of the uniform rate; 0: none */
};

/* What the topic holds when all is done. */
struct records {
    int64_t opening;
    int64_t warm;  /* where counting begins */
    int64_t total; /* with the legs that workers add */
};

struct figures {
    int64_t counted; /* commands within the times */
    double rate;     /* of them per second */
    struct meter_times times;
    int64_t memory_kb; /* the worker's highest */
};

static int64_t legs_of(const struct command *command) {
    const struct ident *from = &command->entity;
    uint16_t lane = partition_of(from->text, from->len, LANES);
    if (command->type == COMMAND_TRANSFER) {
        return partition_of(command->to.text, command->to.len, LANES) == lane ? 0 : 1;
    }
    if (command->type == COMMAND_PURCHASE) {
        return partition_of(command->product.text, command->product.len, LANES) == lane ? 0 : 2;
    }
    return 0;
}

/* Makes the commands once more, as `teller workload` does: the same seed makes the same ones. */
static struct records count_records(const struct shape *shape) {
    struct workload_plan plan = {.accounts = (uint64_t)shape->accounts,
                                 .seed = SEED,
                                 .partitions = LANES,
                                 .stock = shape->stock};
    struct workload *workload = malloc(sizeof *workload);
    must(workload != NULL, "out of memory");
    must(workload_shape_parse(shape->name, &plan.shape), "no shape %s", shape->name);
    workload_init(workload, &plan);
    struct records records = {.opening = (int64_t)workload_opening(workload)};
    records.total = records.opening + shape->commands;
    for (int64_t i = 0, made = records.total; i < made; i++) {
        (void)workload_next(workload);
        records.total += legs_of(&workload->command);
    }
    free(workload);
    bool has_legs = records.total > records.opening + shape->commands;
    records.warm = records.opening + (has_legs ? 0 : shape->commands / 10);
    return records;
}

static void preload(const struct ledger *ledger, const struct shape *shape) {
    char numbers[4][24];
    struct captured captured;
    const int64_t values[] = {shape->accounts, shape->commands, SEED, shape->stock};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%" PRId64, values[i]);
    }
    const char *const arguments[] = {"workload", "--shape",  shape->name, "--accounts", numbers[0],
                                     "--count",  numbers[1], "--seed",    numbers[2],   "--stock",
                                     numbers[3], "--quiet",  NULL};
    ledger_teller(ledger, &captured, NULL, arguments);
    must(captured.status == 0, "workload ended with %d: %s", captured.status, captured.err);
    captured_close(&captured);
}

static void wait_applied(const struct ledger *ledger, int64_t records) {
    int64_t deadline = clock_monotonic_ms() + TIMEOUT_MS;
    while (worker_applied(ledger) < records) {
        must(clock_monotonic_ms() < deadline, "the backlog is not drained");
        clock_sleep_ms(POLL_MS);
    }
}

static void expect(const struct ledger *ledger, const char *sql, int64_t wanted) {
    int64_t found = db_int(ledger->db, sql, INT64_MIN);
    must(found == wanted, "%s: %" PRId64 ", not %" PRId64, sql, found, wanted);
}

/* Sold out, not a unit more, each paid for. */
static void verify_sales(const struct ledger *ledger, int64_t stock) {
    expect(ledger, "SELECT stock + sold FROM teller.v1_product", stock);
    expect(ledger,
           "SELECT count(*) FROM teller.v1_product p WHERE stock >= 0 AND sold * price ="
           " (SELECT sum(balance) FROM teller.v1_system WHERE role = '@sales')"
           " AND sold = (SELECT sum(held_delta) FROM teller.journal WHERE step = 3)"
           " AND EXISTS (SELECT FROM teller.journal WHERE step = 3 AND outcome >= 10)",
           1);
}

static void verify(const struct ledger *ledger, const struct shape *shape, int64_t opening) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, (const char *const[]){"verify", NULL});
    must(captured.status == 0, "verify: %s%s", captured.out, captured.err);
    captured_close(&captured);
    expect(ledger, "SELECT count(*) FROM teller.journal WHERE step = 0", opening + shape->commands);
    expect(ledger, "SELECT coalesce(sum(balance), 0) FROM teller.v1_system WHERE role = '@transit'",
           0);
    expect(ledger, "SELECT coalesce(sum(held), 0) FROM teller.v1_account", 0);
    if (shape->stock > 0) {
        verify_sales(ledger, shape->stock);
    }
}

static struct figures drain(const struct shape *shape) {
    struct ledger ledger;
    struct worker worker;
    struct meter meter;
    struct figures figures;
    struct records records = count_records(shape);
    ledger_open(&ledger, "bench_drain", LANES);
    preload(&ledger, shape);
    worker_start(&worker, &ledger, &(struct worker_plan){0});
    wait_applied(&ledger, records.warm);
    int64_t before = worker_applied(&ledger);
    meter_begin(&meter, &ledger.sandbox, worker.process.pid);
    wait_applied(&ledger, records.total);
    figures.times = meter_read(&meter);
    figures.counted = records.opening + shape->commands - before;
    must(figures.counted > 0, "%s: too few commands to measure", shape->name);
    figures.rate = (double)figures.counted * 1e6 / (double)figures.times.wall_us;
    figures.memory_kb = proc_memory_kb(worker.process.pid, "VmHWM");
    must(worker_stop(&worker) == 0, "the worker did not end well");
    verify(&ledger, shape, records.opening);
    ledger_close(&ledger);
    return figures;
}

static double per_command(int64_t us, const struct figures *figures) {
    return (double)us / (double)figures->counted;
}

static void print(const struct shape *shape, const struct figures *figures, double ratio) {
    const struct meter_times *times = &figures->times;
    printf("%-8s %10" PRId64 " %10.0f %8.2f %8.2f %8.2f %8.0f %8.2f", shape->name, figures->counted,
           figures->rate, per_command(times->worker_us, figures),
           per_command(times->database_us, figures), per_command(times->broker_us, figures),
           (double)figures->memory_kb / 1024, ratio);
    if (shape->floor > 0) {
        printf("  floor %.2f%s", shape->floor, ratio < shape->floor ? ": MISSED" : "");
    }
    putchar('\n');
    fflush(stdout);
}

static void write_json(FILE *json, const struct shape *shape, const struct figures *figures,
                       double ratio) {
    const struct meter_times *times = &figures->times;
    fprintf(json,
            "{\"mode\":\"drain\",\"shape\":\"%s\",\"lanes\":%d,\"accounts\":%" PRId64
            ",\"commands\":%" PRId64 ",\"commands_per_s\":%.0f,\"worker_us\":%.3f,"
            "\"database_us\":%.3f,\"broker_us\":%.3f,\"worker_memory_kb\":%" PRId64
            ",\"of_uniform\":%.3f,\"verified\":true}\n",
            shape->name, LANES, shape->accounts, figures->counted, figures->rate,
            per_command(times->worker_us, figures), per_command(times->database_us, figures),
            per_command(times->broker_us, figures), figures->memory_kb, ratio);
}

static int64_t number_of(int argc, char **argv, int argument, int64_t usual) {
    return argc > argument ? strtoll(argv[argument], NULL, 10) : usual;
}

int main(int argc, char **argv) {
    int64_t purchases = number_of(argc, argv, 4, 200000);
    const struct shape shapes[] = {
        {"uniform", ACCOUNTS, number_of(argc, argv, 1, 2000000), 0, 0},
        {"hot", 1, number_of(argc, argv, 2, 1000000), 0, 0},
        {"transfer", ACCOUNTS, number_of(argc, argv, 3, 400000), 0, 1.0 / 3},
        /* 2 units each on average: sold out behind nine of ten, then refused */
        {"purchase", ACCOUNTS, purchases, purchases * 9 / 5, 1.0 / 5},
    };
    FILE *json = meter_json("drain");
    double uniform_rate = 0;
    printf("drain: %d lanes, results published, verified\n", LANES);
    printf("%-8s %10s %10s %8s %8s %8s %8s %8s\n", "shape", "commands", "per s", "worker",
           "database", "broker", "MB", "ratio");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct figures figures = drain(&shapes[i]);
        uniform_rate = i == 0 ? figures.rate : uniform_rate;
        print(&shapes[i], &figures, figures.rate / uniform_rate);
        write_json(json, &shapes[i], &figures, figures.rate / uniform_rate);
    }
    puts("worker, database, broker: CPU microseconds per command; MB: the worker's highest memory;"
         "\nratio: to the uniform rate of this run");
    return fclose(json) == 0 ? 0 : 70;
}
