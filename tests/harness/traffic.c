#include "tests/harness/traffic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/poison.h"

#define NAME_ROOM 32
#define AMOUNT_MAX 10000

struct traffic *traffic_new(const struct traffic_plan *plan) {
    must(plan->accounts >= 1 && plan->accounts <= TRAFFIC_ACCOUNTS_MAX, "1 .. %d accounts",
         TRAFFIC_ACCOUNTS_MAX);
    struct traffic *traffic = calloc(1, sizeof *traffic);
    must(traffic != NULL, "out of memory");
    traffic->plan = *plan;
    prng_seed(&traffic->prng, plan->seed);
    return traffic;
}

void traffic_free(struct traffic *traffic) {
    free(traffic);
}

static void name_of(const struct traffic *traffic, uint32_t account, char name[NAME_ROOM]) {
    snprintf(name, NAME_ROOM, "%s%" PRIu32,
             traffic->plan.prefix != NULL ? traffic->plan.prefix : "acc", account);
}

void traffic_open_accounts(struct traffic *traffic, struct sender *sender) {
    for (uint32_t account = 0; account < traffic->plan.accounts; account++) {
        char name[NAME_ROOM];
        char id[UUID_TEXT_LEN + 1];
        char text[COMMAND_TEXT_MAX];
        name_of(traffic, account, name);
        commands_new_id(&traffic->prng, id);
        commands_open(text, id, name);
        sender_put_command(sender, name, text);
    }
}

static void make_group(struct traffic *traffic, char text[COMMAND_TEXT_MAX], const char *id,
                       const char *name) {
    uint64_t in = prng_below(&traffic->prng, AMOUNT_MAX) + 1;
    uint64_t out = prng_below(&traffic->prng, 2 * AMOUNT_MAX) + 1;
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"group\",\"account\":\"%s\",\"commands\":["
             "{\"type\":\"deposit\",\"amount\":%" PRIu64 "},"
             "{\"type\":\"withdraw\",\"amount\":%" PRIu64 "}]}",
             id, name, in, out);
}

/* A rare freeze that the next commands undo again, so that an account does not stay silent. */
static void make_state(struct traffic *traffic, char text[COMMAND_TEXT_MAX], const char *id,
                       const char *name) {
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"account.%s\",\"account\":\"%s\"}", id,
             prng_below(&traffic->prng, 4) == 0 ? "freeze" : "unfreeze", name);
}

static void make_reference(struct traffic *traffic, const struct traffic_account *account,
                           char text[COMMAND_TEXT_MAX], const char *id, const char *name) {
    uint64_t draw = prng_below(&traffic->prng, 3);
    if (draw == 0 && account->deposit[0] != '\0') {
        commands_reference(text, id, "reverse", name, "of", account->deposit);
    } else {
        commands_reference(text, id, draw == 1 ? "capture" : "release", name, "hold",
                           account->hold[0] != '\0' ? account->hold : id);
    }
}

static void make_command(struct traffic *traffic, struct traffic_account *account,
                         struct traffic_recent *recent, const char *name) {
    int64_t amount = (int64_t)prng_below(&traffic->prng, AMOUNT_MAX) + 1;
    uint64_t draw = prng_below(&traffic->prng, 100);
    commands_new_id(&traffic->prng, recent->id);
    if (draw < 40) {
        commands_amount(recent->text, recent->id, "deposit", name, amount);
        memcpy(account->deposit, recent->id, sizeof account->deposit);
    } else if (draw < 70) {
        commands_amount(recent->text, recent->id, "withdraw", name, amount);
    } else if (draw < 80) {
        commands_amount(recent->text, recent->id, "hold", name, amount);
        memcpy(account->hold, recent->id, sizeof account->hold);
    } else if (draw < 92) {
        make_reference(traffic, account, recent->text, recent->id, name);
    } else if (draw < 98) {
        make_group(traffic, recent->text, recent->id, name);
    } else {
        make_state(traffic, recent->text, recent->id, name);
    }
}

static void send_new(struct traffic *traffic, struct sender *sender) {
    struct traffic_recent made;
    char name[NAME_ROOM];
    made.account = (uint32_t)prng_below(&traffic->prng, traffic->plan.accounts);
    name_of(traffic, made.account, name);
    make_command(traffic, &traffic->accounts[made.account], &made, name);
    sender_put_command(sender, name, made.text);
    traffic->recent[traffic->made++ % TRAFFIC_RECENT] = made;
}

static void send_again(struct traffic *traffic, struct sender *sender, bool is_conflicting) {
    uint64_t known = traffic->made < TRAFFIC_RECENT ? traffic->made : TRAFFIC_RECENT;
    const struct traffic_recent *recent = &traffic->recent[prng_below(&traffic->prng, known)];
    char name[NAME_ROOM];
    char text[COMMAND_TEXT_MAX];
    name_of(traffic, recent->account, name);
    if (is_conflicting) {
        commands_amount(text, recent->id, "deposit", name, AMOUNT_MAX + 1);
    }
    sender_put_command(sender, name, is_conflicting ? text : recent->text);
}

void traffic_send(struct traffic *traffic, struct sender *sender) {
    const struct traffic_plan *plan = &traffic->plan;
    uint64_t draw = prng_below(&traffic->prng, 1000);
    if (traffic->made == 0 || draw >= plan->repeated + plan->conflicting + plan->poison) {
        send_new(traffic, sender);
    } else if (draw < plan->repeated) {
        send_again(traffic, sender, false);
    } else if (draw < plan->repeated + plan->conflicting) {
        send_again(traffic, sender, true);
    } else {
        char name[NAME_ROOM];
        name_of(traffic, (uint32_t)prng_below(&traffic->prng, plan->accounts), name);
        poison_send(sender, prng_below(&traffic->prng, poison_kinds()), name, &traffic->prng);
    }
}
