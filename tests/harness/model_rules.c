#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/money.h"
#include "tests/harness/model_books.h"
#include "tests/harness/must.h"

/* What a rule decides about. `account` is the one of `entry`, whose outcome is being looked for. */
struct question {
    struct model *model;
    struct book_entry *entry;
    struct model_account *account;
    const json_t *command; /* or the member of a group */
};

static bool has(const json_t *command, const char *field) {
    return json_object_get(command, field) != NULL;
}

static const char *text(const json_t *command, const char *field) {
    const char *value = json_string_value(json_object_get(command, field));
    must(value != NULL, "the model needs a text in %s", field);
    return value;
}

static int64_t number(const json_t *command, const char *field, int64_t missing) {
    const json_t *value = json_object_get(command, field);
    if (json_is_string(value)) {
        return strtoll(json_string_value(value), NULL, 10);
    }
    return value != NULL ? (int64_t)json_integer_value(value) : missing;
}

static int64_t available(const struct model_account *account) {
    return account->balance - account->held - account->floor;
}

static enum outcome add(struct model_account *account, int64_t amount) {
    money_wide balance = (money_wide)account->balance + amount;
    if (amount < 0 && available(account) < -amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    if (amount > 0 && account->ceiling < INT64_MAX && balance > account->ceiling) {
        return OUTCOME_CEILING_EXCEEDED;
    }
    if (balance > INT64_MAX || balance - account->floor > INT64_MAX) {
        return OUTCOME_OVERFLOW;
    }
    account->balance = (int64_t)balance;
    account->version++;
    return OUTCOME_APPLIED;
}

static enum outcome change(const struct question *q, int64_t amount) {
    enum outcome outcome = add(q->account, amount);
    if (outcome == OUTCOME_APPLIED) {
        q->entry->change = amount;
        q->entry->is_reversible = true;
    }
    return outcome;
}

static enum outcome deposit(const struct question *q) {
    return change(q, number(q->command, "amount", 0));
}

static enum outcome withdraw(const struct question *q) {
    return change(q, -number(q->command, "amount", 0));
}

static enum outcome hold(const struct question *q) {
    must(!has(q->command, "expires_in_s"), "the model knows no expiry");
    int64_t amount = number(q->command, "amount", 0);
    if (available(q->account) < amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    q->account->held += amount;
    q->account->version++;
    q->entry->hold = BOOK_HOLD_OPEN;
    q->entry->held = amount;
    return OUTCOME_APPLIED;
}

static enum outcome find_hold(const struct question *q, struct book_entry **found) {
    struct uuid id;
    must(uuid_parse(text(q->command, "hold"), UUID_TEXT_LEN, &id), "hold is no id");
    *found = books_entry(q->model, q->entry->shown.lane, &id);
    const struct book_entry *held = *found;
    if (held == NULL || held->hold == BOOK_NO_HOLD || held->account != q->entry->account) {
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
    int64_t amount = number(q->command, "amount", held->held);
    if (amount > held->held) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    held->hold = BOOK_HOLD_SETTLED;
    q->account->held -= held->held;
    q->account->balance -= amount;
    q->account->version++;
    return OUTCOME_APPLIED;
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

static enum outcome reverse(const struct question *q) {
    struct uuid id;
    must(uuid_parse(text(q->command, "of"), UUID_TEXT_LEN, &id), "`of` is no id");
    struct book_entry *of = books_entry(q->model, q->entry->shown.lane, &id);
    if (of == NULL || of == q->entry || of->account != q->entry->account) {
        return OUTCOME_NO_SUCH_COMMAND;
    }
    if (of->is_reversed) {
        return OUTCOME_ALREADY_REVERSED;
    }
    if (of->shown.outcome != OUTCOME_APPLIED || !of->is_reversible) {
        return OUTCOME_NOT_REVERSIBLE;
    }
    enum outcome outcome = add(q->account, -of->change);
    of->is_reversed = outcome == OUTCOME_APPLIED;
    return outcome;
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
        if (has(member.command, "hold") && find_hold(&member, &held) == OUTCOME_APPLIED) {
            ended[ended_count++] = held;
        }
        if (rules[find_rule(text(member.command, "type"))].run(&member) != OUTCOME_APPLIED) {
            *q->account = before;
            q->entry->hold = BOOK_NO_HOLD;
            while (ended_count > 0) {
                ended[--ended_count]->hold = BOOK_HOLD_OPEN;
            }
            return OUTCOME_GROUP_FAILED;
        }
    }
    q->entry->is_reversible = false;
    return OUTCOME_APPLIED;
}

static enum outcome open_account(struct model *model, struct book_entry *entry,
                                 const json_t *command) {
    if (entry->account != NULL) {
        return entry->account->shown.state == MODEL_CLOSED ? OUTCOME_ACCOUNT_CLOSED
                                                           : OUTCOME_ACCOUNT_EXISTS;
    }
    entry->account = books_open(model, text(command, "account"));
    struct model_account *account = &entry->account->shown;
    snprintf(account->currency, sizeof account->currency, "%s", text(command, "currency"));
    account->floor = number(command, "floor", 0);
    account->ceiling = number(command, "ceiling", INT64_MAX);
    account->version = 1;
    return OUTCOME_APPLIED;
}

/* In the order of precedence of common/outcome.h. */
static enum outcome decide(struct model *model, struct book_entry *entry, const json_t *command) {
    const char *type = text(command, "type");
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
    if (has(command, "currency") && strcmp(text(command, "currency"), account->currency) != 0) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if (number(command, "expected_version", account->version) != account->version) {
        return OUTCOME_VERSION_MISMATCH;
    }
    return rules[which].run(&(struct question){model, entry, account, command});
}

void rules_run(struct model *model, struct book_entry *entry, const json_t *command) {
    entry->account = books_account(model, text(command, "account"));
    entry->shown.outcome = decide(model, entry, command);
    entry->shown.has_account = entry->account != NULL;
    if (entry->account != NULL) {
        entry->shown.balance = entry->account->shown.balance;
        entry->shown.version = entry->account->shown.version;
    }
}
