#include "tests/bench/expect.h"

#include <stdlib.h>

#include "common/partition.h"
#include "common/rt/clock.h"
#include "tests/harness/must.h"

struct workload *expect_workload(const struct plan *plan) {
    struct workload *workload = malloc(sizeof *workload);
    struct workload_plan generator = {.accounts = (uint64_t)plan->accounts,
                                      .seed = PLAN_SEED,
                                      .partitions = (uint16_t)plan->lanes,
                                      .stock = plan->stock,
                                      .old = WORKLOAD_OLD};
    must(workload != NULL, "out of memory");
    must(workload_shape_parse(plan->shape, &generator.shape), "no shape %s", plan->shape);
    workload_init(workload, &generator);
    return workload;
}

struct workload *expect_opened_workload(const struct plan *plan) {
    struct workload *workload = expect_workload(plan);
    workload->plan.base_ms = clock_unix_ms();
    while (workload->made < workload_opening(workload)) {
        (void)workload_next(workload);
    }
    return workload;
}

static bool is_elsewhere(const struct ident *ident, uint16_t lane, uint16_t lanes) {
    return partition_of(ident->text, ident->len, lanes) != lane;
}

static int64_t legs_of(const struct command *command, uint16_t lanes) {
    uint16_t lane = partition_of(command->entity.text, command->entity.len, lanes);
    if (command->type == COMMAND_TRANSFER) {
        return is_elsewhere(&command->to, lane, lanes) ? 1 : 0;
    }
    if (command->type == COMMAND_PURCHASE) {
        return is_elsewhere(&command->product, lane, lanes) ? 2 : 0;
    }
    return 0;
}

void expect_count(const struct plan *plan, struct expect *expect) {
    struct workload *workload = expect_workload(plan);
    int64_t opening = (int64_t)workload_opening(workload);
    *expect = (struct expect){.opening = opening, .sent = opening + plan->before + plan->commands};
    for (int64_t i = 0; i < expect->sent; i++) {
        (void)workload_next(workload);
        expect->distinct += !workload->is_repeated && !workload->is_malformed;
        expect->malformed += workload->is_malformed;
        expect->legs += legs_of(&workload->command, (uint16_t)plan->lanes);
    }
    free(workload);
    must(expect->legs == 0 || plan->before == 0, "legs of what is applied before would be counted");
    expect->warm = opening + plan->before + (expect->legs > 0 ? 0 : plan->commands / 10);
}
