#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/money.h"
#include "tests/harness/model_books.h"
#include "tests/harness/model_steps.h"
#include "tests/harness/must.h"

/* What a rule decides about. `account` is the one of `entry`, whose outcome is being looked for. */
struct question {
    struct model *model;
    struct book_entry *entry;
    struct model_account *account;
    const json_t *command; /* or the member of a group */
};

int64_t rules_available(const struct model_account *account) {
    return account->balance - account->held - account->floor;
}

enum outcome rules_may_add(const struct model_account *account, int64_t amount) {
    money_wide balance = (money_wide)account->balance + amount;
    if (amount > 0 && account->ceiling < INT64_MAX && balance > account->ceiling) {
        return OUTCOME_CEILING_EXCEEDED;
    }
    bool fits = balance <= INT64_MAX && balance - account->floor <= INT64_MAX;
    return fits ? OUTCOME_APPLIED : OUTCOME_OVERFLOW;
}

static enum outcome change(const struct question *q, int64_t amount) {
    enum outcome outcome = rules_may_add(q->account, amount);
    if (amount < 0 && rules_available(q->account) < -amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    if (outcome == OUTCOME_APPLIED) {
        q->account->balance += amount;
        q->account->version++;
        q->entry->change = amount;
    }
    return outcome;
}

static enum outcome deposit(const struct question *q) {
    return change(q, field_number(q->command, "amount", 0));
}

static enum outcome withdraw(const struct question *q) {
    return change(q, -field_number(q->command, "amount", 0));
}

static enum outcome hold(const struct question *q) {
    must(!field_has(q->command, "expires_in_s"), "the model knows no expiry");
    int64_t amount = field_number(q->command, "amount", 0);
    if (rules_available(q->account) < amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    q->account->held += amount;
    q->account->version++;
    q->entry->hold = BOOK_HOLD_OPEN;
    q->entry->held = amount;
    return OUTCOME_APPLIED;
}

static enum outcome find_hold(const struct question *q, struct book_entry **found) {
    struct uuid id = field_id(q->command, "hold");
    *found = books_entry(q->model, q->entry->shown.lane, &id);
    const struct book_entry *held = *found;
    if (held == NULL || held->hold == BOOK_NO_HOLD || held->is_sale ||
        held->account != q->entry->account) {
        return OUTCOME_NO_SUCH_HOLD;
    }
    return held->hold == BOOK_HOLD_OPEN ? OUTCOME_APPLIED : OUTCOME_HOLD_SETTLED;
}

/* What a capture does not take goes back to the account. */
static enum outcome capture(const struct question *q) {
    struct book_entry *held = NULL;
    enum outcome outcome = find_hold(q, &held);
    if (outcome != OUTCOME_APPLIED) {
        return outcome;
    }
    int64_t amount = field_number(q->command, "amount", held->held);
    if (amount > held->held) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    q->entry->to = field_ident(q->command, "to");
    if (ident_equal(&q->entry->to, &q->account->name)) {
        return OUTCOME_SAME_ACCOUNT;
    }
    held->hold = BOOK_HOLD_SETTLED;
    q->entry->change = -amount;
    q->account->held -= held->held;
    q->account->balance -= amount;
    q->account->version++;
    return q->entry->to.len > 0 ? OUTCOME_PENDING : OUTCOME_APPLIED;
}

static enum outcome release(const struct question *q) {
    struct book_entry *held = NULL;
    enum outcome outcome = find_hold(q, &held);
    if (outcome != OUTCOME_APPLIED) {
        return outcome;
    }
    held->hold = BOOK_HOLD_SETTLED;
    q->account->held -= held->held;
    q->account->version++;
    return OUTCOME_APPLIED;
}

/* On its way until the receiver's lane has said whether it takes it. */
static enum outcome transfer(const struct question *q) {
    int64_t amount = field_number(q->command, "amount", 0);
    if (rules_available(q->account) < amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    q->entry->to = field_ident(q->command, "to");
    if (ident_equal(&q->entry->to, &q->account->name)) {
        return OUTCOME_SAME_ACCOUNT;
    }
    q->entry->change = -amount;
    q->account->balance -= amount;
    q->account->version++;
    return OUTCOME_PENDING;
}

static enum outcome find_reversed(const struct question *q, struct book_row **found) {
    struct uuid of = field_id(q->command, "of");
    size_t count = 0;
    for (struct book_row *row = books_rows(q->model, q->model->lane, &of); row != NULL;
         row = row->next) {
        if (row->account == q->entry->account) {
            *found = row;
            count++;
        }
    }
    if (count == 0 || (count == 1 && (*found)->outcome == OUTCOME_PENDING)) {
        return OUTCOME_NO_SUCH_COMMAND;
    }
    if ((*found)->is_reversed) {
        return OUTCOME_ALREADY_REVERSED;
    }
    bool may = count == 1 && (*found)->outcome == OUTCOME_APPLIED && (*found)->is_reversible;
    return may ? OUTCOME_APPLIED : OUTCOME_NOT_REVERSIBLE;
}

/* A transfer goes back to its sender, who may be in another lane. */
static enum outcome reverse(const struct question *q) {
    struct book_row *of = NULL;
    enum outcome outcome = find_reversed(q, &of);
    if (outcome == OUTCOME_APPLIED) {
        outcome = change(q, -of->change);
    }
    of = outcome == OUTCOME_APPLIED ? of : NULL;
    if (of != NULL) {
        of->is_reversed = true;
        q->entry->to = of->sender;
    }
    return q->entry->to.len > 0 ? OUTCOME_PENDING : outcome;
}

static enum outcome order(const struct question *q) {
    return model_sale_order(q->entry, q->command);
}

static enum outcome unsubscribe(const struct question *q) {
    (void)q;
    return OUTCOME_PENDING; /* the product's lane knows the subscription */
}

static enum outcome close_account(const struct question *q) {
    q->account->state = MODEL_CLOSED;
    q->account->version++;
    return OUTCOME_APPLIED;
}

/* To freeze what is frozen is applied and changes no row. */
static enum outcome set_state(struct model_account *account, enum model_state state) {
    account->version += account->state != state;
    account->state = state;
    return OUTCOME_APPLIED;
}

static enum outcome freeze(const struct question *q) {
    return set_state(q->account, MODEL_FROZEN);
}

static enum outcome unfreeze(const struct question *q) {
    return set_state(q->account, MODEL_OPEN);
}

static enum outcome group(const struct question *q);

static const struct {
    const char *type;
    enum outcome (*run)(const struct question *q);
    bool is_stopped_by_freeze;
} rules[] = {
    {"deposit", deposit, true},
    {"withdraw", withdraw, true},
    {"hold", hold, true},
    {"capture", capture, true},
    {"release", release, false},
    {"reverse", reverse, true},
    {"transfer", transfer, true},
    {"purchase", order, true},
    {"subscribe", order, true},
    {"unsubscribe", unsubscribe, false},
    {"group", group, true},
    {"account.close", close_account, false},
    {"account.freeze", freeze, false},
    {"account.unfreeze", unfreeze, false},
};

static size_t find_rule(const char *type) {
    size_t i = 0;
    while (i < sizeof rules / sizeof *rules && strcmp(rules[i].type, type) != 0) {
        i++;
    }
    must(i < sizeof rules / sizeof *rules, "the model knows no %s", type);
    return i;
}

/* All or nothing. A failed one must leave the holds as they were, too: only captures and releases
 * touch others' holds, and they are undone here. */
static enum outcome group(const struct question *q) {
    struct model_account before = *q->account;
    const json_t *members = json_object_get(q->command, "commands");
    struct book_entry *ended[16];
    size_t ended_count = 0;
    for (size_t i = 0; i < json_array_size(members); i++) {
        struct question member = *q;
        member.command = json_array_get(members, i);
        struct book_entry *held = NULL;
        if (field_has(member.command, "hold") && find_hold(&member, &held) == OUTCOME_APPLIED) {
            ended[ended_count++] = held;
        }
        if (rules[find_rule(field_text(member.command, "type"))].run(&member) != OUTCOME_APPLIED) {
            *q->account = before;
            q->entry->hold = BOOK_NO_HOLD;
            while (ended_count > 0) {
                ended[--ended_count]->hold = BOOK_HOLD_OPEN;
            }
            return OUTCOME_GROUP_FAILED;
        }
    }
    return OUTCOME_APPLIED;
}

static enum outcome open_account(struct model *model, struct book_entry *entry,
                                 const json_t *command) {
    if (entry->account != NULL) {
        return entry->account->shown.state == MODEL_CLOSED ? OUTCOME_ACCOUNT_CLOSED
                                                           : OUTCOME_ACCOUNT_EXISTS;
    }
    entry->account = books_open(model, field_text(command, "account"));
    struct model_account *account = &entry->account->shown;
    snprintf(account->currency, sizeof account->currency, "%s", field_text(command, "currency"));
    account->floor = field_number(command, "floor", 0);
    account->ceiling = field_number(command, "ceiling", INT64_MAX);
    account->version = 1;
    return OUTCOME_APPLIED;
}

/* In the order of precedence of common/outcome.h. */
static enum outcome decide(struct model *model, struct book_entry *entry, const json_t *command) {
    const char *type = field_text(command, "type");
    if (strcmp(type, "account.open") == 0) {
        return open_account(model, entry, command);
    }
    if (entry->account == NULL) {
        return OUTCOME_NO_SUCH_ACCOUNT;
    }
    struct model_account *account = &entry->account->shown;
    size_t which = find_rule(type);
    if (account->state == MODEL_CLOSED) {
        return OUTCOME_ACCOUNT_CLOSED;
    }
    if (account->state == MODEL_FROZEN && rules[which].is_stopped_by_freeze) {
        return OUTCOME_ACCOUNT_FROZEN;
    }
    if (rules[which].run == close_account && (account->balance != 0 || account->held != 0)) {
        return OUTCOME_ACCOUNT_NOT_EMPTY;
    }
    if (field_has(command, "currency") &&
        strcmp(field_text(command, "currency"), account->currency) != 0) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if (field_number(command, "expected_version", account->version) != account->version) {
        return OUTCOME_VERSION_MISMATCH;
    }
    return rules[which].run(&(struct question){model, entry, account, command});
}

/* What a reverse of this command will find of its own step. */
static void note_row(struct model *model, const struct book_entry *entry, const char *type) {
    bool moves = strcmp(type, "deposit") == 0 || strcmp(type, "withdraw") == 0;
    const struct book_row row = {
        .account = entry->account,
        .outcome = entry->shown.outcome,
        .is_reversible = moves,
        .change = entry->change,
    };
    books_note(model, &entry->shown.id, &row);
    if (strcmp(type, "group") == 0 && row.outcome == OUTCOME_APPLIED) {
        books_note(model, &entry->shown.id, &row); /* of its members */
    }
}

static void run_on_product(struct model *model, struct book_entry *entry, const json_t *command) {
    entry->shown.outcome = model_sale_command(model, command);
    const struct book_product *product = books_product(model, field_text(command, "product"));
    entry->shown.has_account = product != NULL;
    if (product != NULL) {
        entry->shown.balance = product->shown.stock;
        entry->shown.version = product->shown.version;
    }
}

void rules_run(struct model *model, struct book_entry *entry, const json_t *command) {
    const char *type = field_text(command, "type");
    entry->shown.is_on_product = strncmp(type, "product.", 8) == 0;
    if (entry->shown.is_on_product) {
        run_on_product(model, entry, command);
    } else {
        entry->account = books_account(model, field_text(command, "account"));
        entry->shown.outcome = decide(model, entry, command);
        entry->shown.has_account = entry->account != NULL;
        note_row(model, entry, type);
    }
    if (entry->account != NULL) {
        entry->shown.balance = entry->account->shown.balance;
        entry->shown.version = entry->account->shown.version;
    }
    model_saga_begin(model, entry, command);
}
