#include "consumer/verbs/verify_case.h"

#include <inttypes.h>

#include "common/money.h"

bool verify_case_add(struct verify_case *of, const struct audit_step *step,
                     struct finding *finding) {
    const int32_t number = step->entry.key.step;
    if (number < 0 || number >= VERIFY_CASE_STEPS) {
        return finding_at(finding, &step->entry, "no step of a command between lanes");
    }
    if (of->has[number]) {
        return finding_at(finding, &step->entry, "taken twice: in lane %d and lane %d",
                          of->steps[number].lane, step->lane);
    }
    of->has[number] = true;
    of->steps[number] = *step;
    return true;
}

/* A step's row, or NULL. */
static const struct audit_step *row_of(const struct verify_case *of, int32_t step) {
    return of->has[step] ? &of->steps[step] : NULL;
}

static bool is_applied(const struct audit_step *row) {
    return row->entry.outcome == OUTCOME_APPLIED;
}

static bool await(const struct verify_case *of, const struct audit_step *told_by, int32_t step,
                  int64_t amount, struct verify_flight *flight) {
    *flight = (struct verify_flight){
        .under_way = true,
        .id = of->id,
        .origin = of->origin,
        .step = step,
        .lane = told_by->lane,
        .log_offset = told_by->entry.log_offset,
        .at_ms = told_by->entry.at_ms,
        .amount = amount,
        .asset = told_by->asset,
    };
    return true;
}

/* No step may be there but those of the mask. */
static bool only(const struct verify_case *of, unsigned steps, struct finding *finding) {
    for (int32_t step = 0; step < VERIFY_CASE_STEPS; step++) {
        if (of->has[step] && (steps & 1U << step) == 0) {
            return finding_at(finding, &of->steps[step].entry, "nothing asked for this step");
        }
    }
    return true;
}

#define BIT(step) (1U << (step))

/* Money that comes out of @transit is what went in. */
static bool check_arrival(const struct audit_step *row, int64_t amount, const struct asset *asset,
                          struct finding *finding) {
    const struct entry *entry = &row->entry;
    if (entry->outcome != OUTCOME_APPLIED || row->counter_role != SYSTEM_TRANSIT ||
        entry->amount != amount || !asset_equal(&row->asset, asset)) {
        return finding_at(finding, entry, "%s of %" PRId64 " %s, but %" PRId64 " %s was sent",
                          outcome_word(entry->outcome), entry->amount, row->asset.text, amount,
                          asset->text);
    }
    return true;
}

/* ---- transfer, capture with `to`, reverse of a transfer ---- */

static bool judge_transfer(const struct verify_case *of, struct verify_flight *flight,
                           struct finding *finding) {
    const struct audit_step *client = row_of(of, STEP_CLIENT);
    const struct audit_step *credit = row_of(of, STEP_CREDIT);
    const struct audit_step *back = row_of(of, STEP_RETURN);
    const int64_t amount = -client->entry.amount;
    const struct audit_step *sender = client;
    if (amount <= 0 || client->counter_role != SYSTEM_TRANSIT) {
        return finding_at(finding, &client->entry, "pending, but sends no money");
    }
    if (credit == NULL) {
        return only(of, BIT(STEP_CLIENT), finding) &&
               await(of, client, STEP_CREDIT, amount, flight);
    }
    if (is_applied(credit) || client->entry.type == COMMAND_REVERSE) {
        return only(of, BIT(STEP_CLIENT) | BIT(STEP_CREDIT), finding) &&
               check_arrival(credit, amount, &sender->asset, finding);
    }
    if (!only(of, BIT(STEP_CLIENT) | BIT(STEP_CREDIT) | BIT(STEP_RETURN), finding)) {
        return false;
    }
    if (back != NULL) {
        return check_arrival(back, amount, &sender->asset, finding);
    }
    (void)await(of, credit, STEP_RETURN, amount, flight);
    flight->asset = sender->asset; /* the refusing row is about another account */
    return true;
}

/* ---- sales ---- */

/* The hold's end in the account's lane: all that was held ends, and `amount` of it is taken. Then
 * the seller's credit. */
static bool judge_settlement(const struct verify_case *of, int64_t amount,
                             struct verify_flight *flight, struct finding *finding) {
    const struct audit_step *client = row_of(of, STEP_CLIENT);
    const struct audit_step *settle = row_of(of, STEP_SETTLE);
    const struct audit_step *credit = row_of(of, STEP_CREDIT);
    if (!is_applied(settle) || settle->lane != of->origin || settle->entry.amount != -amount ||
        settle->held_delta != -client->held_delta) {
        return finding_at(finding, &settle->entry,
                          "takes %" PRId64 " and releases %" PRId64 ", but %" PRId64
                          " is due and %" PRId64 " was held",
                          -settle->entry.amount, -settle->held_delta, amount, client->held_delta);
    }
    if (settle->counter_role != SYSTEM_TRANSIT) {
        return credit == NULL ||
               finding_at(finding, &credit->entry, "credits money that nobody sent");
    }
    return credit == NULL ? await(of, settle, STEP_CREDIT, amount, flight)
                          : check_arrival(credit, amount, &settle->asset, finding);
}

static bool await_settlement(const struct verify_case *of, const struct audit_step *told_by,
                             struct verify_flight *flight, struct finding *finding) {
    return only(of, BIT(STEP_CLIENT) | BIT(STEP_SELL), finding) &&
           await(of, told_by, STEP_SETTLE, 0, flight);
}

static bool judge_purchase(const struct verify_case *of, int64_t quantity,
                           struct verify_flight *flight, struct finding *finding) {
    const struct audit_step *sell = row_of(of, STEP_SELL);
    int64_t total = 0;
    if (is_applied(sell) &&
        (sell->entry.amount != -quantity || !money_multiply(quantity, sell->entry.price, &total))) {
        return finding_at(finding, &sell->entry,
                          "sells %" PRId64 " units, but %" PRId64 " were asked for",
                          -sell->entry.amount, quantity);
    }
    return of->has[STEP_SETTLE] ? judge_settlement(of, total, flight, finding)
                                : await_settlement(of, sell, flight, finding);
}

/* Of a subscription that is cancelled or allotted. */
static bool judge_end(const struct verify_case *of, struct verify_flight *flight,
                      struct finding *finding) {
    const struct audit_subscription *told = &of->subscription;
    const struct audit_step *sell = row_of(of, STEP_SELL);
    int64_t total = 0;
    if (told->row.state == SUBSCRIPTION_SETTLED &&
        !money_multiply(told->row.allotted, told->row.price, &total)) {
        return finding_at(finding, &sell->entry, "allotted beyond all money");
    }
    if (of->has[STEP_SETTLE]) {
        return judge_settlement(of, total, flight, finding);
    }
    const bool fits = await_settlement(of, sell, flight, finding);
    flight->log_offset = told->log_offset;
    flight->at_ms = told->at_ms;
    return fits;
}

static bool judge_subscription(const struct verify_case *of, int64_t quantity,
                               struct verify_flight *flight, struct finding *finding) {
    const struct audit_step *sell = row_of(of, STEP_SELL);
    const struct subscription *row = &of->subscription.row;
    if (!is_applied(sell)) {
        if (of->has_subscription) {
            return finding_at(finding, &sell->entry, "refused, but there is a subscription");
        }
        return of->has[STEP_SETTLE] ? judge_settlement(of, 0, flight, finding)
                                    : await_settlement(of, sell, flight, finding);
    }
    if (!of->has_subscription || of->subscription.lane != sell->lane || row->quantity != quantity ||
        row->price != sell->entry.price) {
        return finding_at(finding, &sell->entry,
                          "accepts %" PRId64 " units at %" PRId64 ", but its subscription has "
                          "%" PRId64 " at %" PRId64,
                          quantity, sell->entry.price, row->quantity, row->price);
    }
    return row->state == SUBSCRIPTION_OPEN ? only(of, BIT(STEP_CLIENT) | BIT(STEP_SELL), finding)
                                           : judge_end(of, flight, finding);
}

static bool judge_sale(const struct verify_case *of, struct verify_flight *flight,
                       struct finding *finding) {
    const struct audit_step *client = row_of(of, STEP_CLIENT);
    const struct audit_step *sell = row_of(of, STEP_SELL);
    const int64_t price = client->entry.price;
    if (price < 1 || client->held_delta < 1 || client->held_delta % price != 0) {
        return finding_at(finding, &client->entry, "holds %" PRId64 " for units of %" PRId64,
                          client->held_delta, price);
    }
    if (sell == NULL) {
        return only(of, BIT(STEP_CLIENT), finding) && await(of, client, STEP_SELL, 0, flight);
    }
    if (is_applied(sell) && sell->entry.price > price) {
        return finding_at(finding, &sell->entry, "price %" PRId64 ", but the buyer saw %" PRId64,
                          sell->entry.price, price);
    }
    if (!only(of, BIT(STEP_CLIENT) | BIT(STEP_SELL) | BIT(STEP_SETTLE) | BIT(STEP_CREDIT),
              finding)) {
        return false;
    }
    const int64_t quantity = client->held_delta / price;
    return client->entry.type == COMMAND_PURCHASE
               ? judge_purchase(of, quantity, flight, finding)
               : judge_subscription(of, quantity, flight, finding);
}

static bool judge_cancel(const struct verify_case *of, struct verify_flight *flight,
                         struct finding *finding) {
    if (!only(of, BIT(STEP_CLIENT) | BIT(STEP_CANCEL), finding)) {
        return false;
    }
    return of->has[STEP_CANCEL] || await(of, row_of(of, STEP_CLIENT), STEP_CANCEL, 0, flight);
}

/* ---- any ---- */

/* All steps are of one command, which began in the lane that they name. */
static bool check_origin(const struct verify_case *of, struct finding *finding) {
    const struct audit_step *client = row_of(of, STEP_CLIENT);
    for (int32_t step = 0; step < VERIFY_CASE_STEPS; step++) {
        const struct entry *entry = &of->steps[step].entry;
        if (!of->has[step]) {
            continue;
        }
        if (client == NULL || client->lane != of->origin) {
            return finding_at(finding, entry, "there is no pending command that it follows from");
        }
        if (entry->type != client->entry.type) {
            return finding_at(finding, entry, "its type is not that of its command");
        }
    }
    return true;
}

bool verify_case_judge(const struct verify_case *of, struct verify_flight *flight,
                       struct finding *finding) {
    char id[UUID_TEXT_LEN + 1];
    *flight = (struct verify_flight){.under_way = false};
    if (!check_origin(of, finding)) {
        return false;
    }
    if (of->has_subscription &&
        (!of->has[STEP_SELL] || of->steps[STEP_CLIENT].entry.type != COMMAND_SUBSCRIBE)) {
        uuid_format(&of->id, id);
        return finding_set(finding, 0, "subscription %s: no command made it", id);
    }
    switch (of->steps[STEP_CLIENT].entry.type) {
    case COMMAND_TRANSFER:
    case COMMAND_CAPTURE:
    case COMMAND_REVERSE: return judge_transfer(of, flight, finding);
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return judge_sale(of, flight, finding);
    case COMMAND_UNSUBSCRIBE: return judge_cancel(of, flight, finding);
    default: return finding_at(finding, &of->steps[STEP_CLIENT].entry, "no command between lanes");
    }
}
