#include "tests/bench/floor_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/partition.h"
#include "tests/harness/must.h"

#define ROUND 40000 /* commands until what follows from them comes to its lane */

/* Steps that other lanes will have later. */
struct delayed {
    struct {
        uint16_t lane;
        struct floor_step step;
    } items[ROUND];
    size_t count;
};

struct making {
    struct floor_log *log;
    uint16_t *lane_of; /* by the generator's number */
    uint32_t *number_of;
    struct delayed *next;  /* legs that one round has sent */
    struct delayed *after; /* what answers them */
    int64_t left;          /* pieces */
};

void floor_log_name(uint32_t account, struct ident *ident) {
    char name[IDENT_MAX + 1];
    int len = snprintf(name, sizeof name, "acc-%08lu", (unsigned long)account);
    must(ident_parse(name, (size_t)len, ident), "%s", name);
}

static uint32_t account_of(const struct ident *ident) {
    return (uint32_t)strtoul(ident->text + strlen("acc-"), NULL, 10);
}

static void push(struct floor_lane *lane, const struct floor_step *step) {
    if ((lane->count & (lane->count - 1)) == 0) {
        size_t room = lane->count == 0 ? 1 : 2 * lane->count;
        lane->steps = realloc(lane->steps, room * sizeof *lane->steps);
        must(lane->steps != NULL, "out of memory");
    }
    lane->steps[lane->count++] = *step;
}

static void delay(struct delayed *delayed, uint16_t lane, const struct floor_step *step) {
    must(delayed->count < ROUND, "a round is too long");
    delayed->items[delayed->count].lane = lane;
    delayed->items[delayed->count++].step = *step;
}

static void release(struct making *making, struct delayed *delayed) {
    for (size_t i = 0; i < delayed->count; i++) {
        push(&making->log->lanes[delayed->items[i].lane], &delayed->items[i].step);
    }
    delayed->count = 0;
}

static void open_account(struct making *making, const struct command *command) {
    uint32_t account = account_of(&command->entity);
    struct floor_log *log = making->log;
    uint16_t lane = partition_of(command->entity.text, command->entity.len, log->lanes_count);
    making->lane_of[account] = lane;
    making->number_of[account] = ++log->lanes[lane].accounts_count;
    log->floor = command->floor;
}

static void add_transfer(struct making *making, const struct command *command,
                         struct floor_step *step, uint16_t lane) {
    uint32_t from = account_of(&command->entity);
    uint32_t to = account_of(&command->to);
    step->kind = FLOOR_DEBIT;
    step->amount = -command->amount;
    step->counter = to;
    push(&making->log->lanes[lane], step);
    step->kind = FLOOR_CREDIT;
    step->amount = command->amount;
    step->account = making->number_of[to];
    step->counter = from;
    delay(making->next, making->lane_of[to], step);
}

static void add_purchase(struct making *making, const struct command *command,
                         struct floor_step *step, uint16_t lane) {
    int64_t total = command->quantity * command->price;
    step->kind = FLOOR_HOLD;
    step->held = total;
    step->price = command->price;
    push(&making->log->lanes[lane], step);
    step->is_refused = command->quantity > making->left;
    making->left -= step->is_refused ? 0 : command->quantity;
    struct floor_step sell = *step;
    sell.kind = FLOOR_SELL;
    sell.amount = command->quantity;
    sell.counter = account_of(&command->entity);
    delay(making->next, making->log->product_lane, &sell);
    step->kind = FLOOR_SETTLE;
    step->held = -total;
    step->amount = step->is_refused ? 0 : -total;
    delay(making->after, lane, step);
}

static void add(struct making *making, const struct workload *workload) {
    const struct command *command = &workload->command;
    uint32_t account = account_of(&command->entity);
    uint16_t lane = making->lane_of[account];
    struct floor_step step = {.id = command->id,
                              .amount = command->type == COMMAND_WITHDRAW ? -command->amount
                                                                          : command->amount,
                              .account = making->number_of[account],
                              .counter = FLOOR_NOBODY,
                              .origin = lane,
                              .kind = workload->is_repeated    ? FLOOR_REPEATED
                                      : workload->is_malformed ? FLOOR_MALFORMED
                                                               : FLOOR_MOVE};
    if (command->type == COMMAND_TRANSFER) {
        add_transfer(making, command, &step, lane);
    } else if (command->type == COMMAND_PURCHASE) {
        add_purchase(making, command, &step, lane);
    } else {
        push(&making->log->lanes[lane], &step);
    }
}

/* What follows from a round's legs lies behind them. */
static void end_round(struct making *making) {
    release(making, making->next);
    release(making, making->after);
}

static void make_accounts(struct floor_log *log) {
    for (uint16_t lane = 0; lane < log->lanes_count; lane++) {
        struct floor_lane *made = &log->lanes[lane];
        made->accounts = calloc(made->accounts_count + 1, sizeof *made->accounts);
        must(made->accounts != NULL, "out of memory");
        for (uint32_t i = 0; i < made->accounts_count; i++) {
            made->accounts[i].version = 1;
        }
    }
}

static void make_steps(struct making *making, struct workload *workload,
                       const struct expect *expect) {
    for (int64_t i = 0; i < expect->sent; i++) {
        (void)workload_next(workload);
        const struct command *command = &workload->command;
        if (command->type == COMMAND_ACCOUNT_OPEN) {
            open_account(making, command);
        } else if (command->type == COMMAND_PRODUCT_CREATE) {
            making->log->product_lane =
                partition_of(command->entity.text, command->entity.len, making->log->lanes_count);
        } else {
            add(making, workload);
        }
        if (i + 1 == expect->warm) {
            for (uint16_t lane = 0; lane < making->log->lanes_count; lane++) {
                making->log->lanes[lane].warm = making->log->lanes[lane].count;
            }
        }
        if (i % ROUND == ROUND - 1) {
            end_round(making);
        }
    }
    end_round(making);
}

void floor_log_make(struct floor_log *log, const struct plan *plan, const struct expect *expect) {
    struct workload *workload = expect_workload(plan);
    size_t accounts = (size_t)plan->accounts;
    *log = (struct floor_log){.lanes_count = (uint16_t)plan->lanes, .stock = plan->stock};
    must(plan->lanes <= FLOOR_LANES_MAX, "at most %d lanes", FLOOR_LANES_MAX);
    struct making making = {.log = log,
                            .lane_of = calloc(accounts, sizeof *making.lane_of),
                            .number_of = calloc(accounts, sizeof *making.number_of),
                            .next = calloc(1, sizeof *making.next),
                            .after = calloc(1, sizeof *making.after),
                            .left = plan->stock};
    must(making.lane_of != NULL && making.number_of != NULL && making.next != NULL &&
             making.after != NULL,
         "out of memory");
    make_steps(&making, workload, expect);
    make_accounts(log);
    free(making.lane_of);
    free(making.number_of);
    free(making.next);
    free(making.after);
    free(workload);
}

void floor_log_close(struct floor_log *log) {
    for (uint16_t lane = 0; lane < log->lanes_count; lane++) {
        free(log->lanes[lane].steps);
        free(log->lanes[lane].accounts);
    }
}
