#include "producer/workload.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/partition.h"
#include "producer/workload_json.h"

#define REPEAT_EVERY 10
#define MALFORMED_OF 100
#define SEED_STRIDE UINT64_C(0xd1342543de82ef95) /* odd: no two numbers get the same seed */
#define AMOUNT_MAX 1000
#define IDS_PER_MS 1000
#define RECEIVER_DRAWS 64
#define QUANTITY_MAX 3
#define PRICE 100
#define DEEP_FLOOR INT64_C(-1000000000000)

bool workload_shape_parse(const char *word, enum workload_shape *shape) {
    static const char *const words[] = {
#define WORD(symbol, word) [WORKLOAD_##symbol] = word,
        WORKLOAD_SHAPES(WORD)
#undef WORD
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], word) == 0) {
            *shape = (enum workload_shape)i;
            return true;
        }
    }
    return false;
}

static double exponent_of(enum workload_shape shape) {
    return shape == WORKLOAD_ZIPF ? 0.99 : shape == WORKLOAD_STEEP ? 1.2 : 0;
}

static double zeta(uint64_t count, double exponent) {
    double sum = 0;
    for (uint64_t i = 1; i <= count; i++) {
        sum += 1 / pow((double)i, exponent);
    }
    return sum;
}

void workload_init(struct workload *workload, const struct workload_plan *plan) {
    CHECK(plan->accounts >= (plan->shape == WORKLOAD_TRANSFER ? 2 : 1));
    memset(workload, 0, sizeof *workload);
    workload->plan = *plan;
    if (plan->shape == WORKLOAD_HOT) {
        workload->plan.accounts = 1;
    }
    prng_seed(&workload->prng, plan->seed);
    workload->zipf_exponent = exponent_of(plan->shape);
    if (workload->zipf_exponent > 0) {
        workload->zipf_total = zeta(plan->accounts, workload->zipf_exponent);
        workload->zipf_second =
            zeta(plan->accounts < 2 ? plan->accounts : 2, workload->zipf_exponent);
    }
}

static bool has_product(const struct workload *workload) {
    return workload->plan.shape == WORKLOAD_PURCHASE || workload->plan.shape == WORKLOAD_SUBSCRIBE;
}

uint64_t workload_opening(const struct workload *workload) {
    return workload->plan.accounts + has_product(workload);
}

/* J. Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994. */
static uint64_t zipf(struct workload *workload) {
    double n = (double)workload->plan.accounts;
    double tail = 1 - workload->zipf_exponent;
    double u = prng_unit(&workload->prng);
    double scaled = u * workload->zipf_total;
    if (scaled < 1) {
        return 0;
    }
    if (scaled < workload->zipf_second) {
        return workload->plan.accounts > 1 ? 1 : 0;
    }
    double eta = (1 - pow(2 / n, tail)) / (1 - workload->zipf_second / workload->zipf_total);
    uint64_t rank = (uint64_t)(n * pow(eta * u - eta + 1, 1 / tail));
    return rank < workload->plan.accounts ? rank : workload->plan.accounts - 1;
}

static uint64_t choose_account(struct workload *workload) {
    return workload->zipf_exponent > 0 ? zipf(workload)
                                       : prng_below(&workload->prng, workload->plan.accounts);
}

static void name_account(uint64_t account, struct ident *ident) {
    char name[IDENT_MAX + 1];
    int len = snprintf(name, sizeof name, "acc-%08llu", (unsigned long long)account);
    CHECK(ident_parse(name, (size_t)len, ident));
}

static void name_product(const struct workload *workload, struct ident *ident) {
    const char *name =
        workload->plan.shape == WORKLOAD_PURCHASE ? WORKLOAD_PRODUCT : WORKLOAD_ALLOTTED;
    CHECK(ident_parse(name, strlen(name), ident));
}

/* An account of another lane, if a few draws find one: with few accounts there may be none. */
static void choose_receiver(struct workload *workload, uint64_t sender, struct ident *receiver) {
    uint16_t partitions = workload->plan.partitions;
    struct ident from;
    name_account(sender, &from);
    for (int draw = 0; draw < RECEIVER_DRAWS; draw++) {
        uint64_t account = 1 + prng_below(&workload->prng, workload->plan.accounts - 1);
        name_account((sender + account) % workload->plan.accounts, receiver);
        if (partitions <= 1 || partition_of(from.text, from.len, partitions) !=
                                   partition_of(receiver->text, receiver->len, partitions)) {
            return;
        }
    }
}

static void make_id(struct workload *workload, uint64_t number) {
    uint64_t dice[2] = {prng_next(&workload->prng), prng_next(&workload->prng)};
    int64_t ms = workload->plan.base_ms + (int64_t)(number / IDS_PER_MS);
    uint8_t bytes[sizeof dice];
    memcpy(bytes, dice, sizeof dice);
    workload->command.id = uuid_v7(ms, bytes);
}

static void remember(struct workload_recent *recent, struct workload *workload, uint64_t account) {
    struct workload_recent *slot = &recent[prng_below(&workload->prng, WORKLOAD_RECENT)];
    slot->id = workload->command.id;
    slot->account = account;
}

static bool is_empty(const struct workload_recent *recent) {
    static const struct uuid none;
    return uuid_equal(&recent->id, &none);
}

/* The type, its account and what it refers to; *reference is NULL where it refers to nothing. */
struct choice {
    enum command_type type;
    uint64_t account;
    const struct workload_recent *reference;
};

/* A hot account is fed a little more than it gives, so that few withdrawals fail. */
static struct choice choose_move(struct workload *workload) {
    uint64_t dice = prng_below(&workload->prng, 1000);
    bool hot = workload->plan.shape == WORKLOAD_HOT;
    return (struct choice){.type = dice < (hot ? 520 : 500) ? COMMAND_DEPOSIT : COMMAND_WITHDRAW,
                           .account = choose_account(workload)};
}

static struct choice choose_mixed(struct workload *workload) {
    static const enum command_type referring[] = {COMMAND_CAPTURE, COMMAND_RELEASE,
                                                  COMMAND_REVERSE};
    struct choice choice = choose_move(workload);
    uint64_t dice = prng_below(&workload->prng, 100);
    if (dice < 60) {
        return choice;
    }
    if (dice < 75) {
        choice.type = COMMAND_HOLD;
    } else if (dice < 96) {
        choice.type = referring[dice % 3];
        const struct workload_recent *recent =
            choice.type == COMMAND_REVERSE ? workload->moves : workload->holds;
        choice.reference = &recent[prng_below(&workload->prng, WORKLOAD_RECENT)];
        if (is_empty(choice.reference)) {
            choice = (struct choice){.type = COMMAND_DEPOSIT, .account = choice.account};
        } else {
            choice.account = choice.reference->account;
        }
    } else if (dice < 98) {
        choice.type = dice == 96 ? COMMAND_ACCOUNT_FREEZE : COMMAND_ACCOUNT_UNFREEZE;
    } else {
        choice.type = COMMAND_GROUP;
    }
    return choice;
}

static bool has_amount(enum command_type type) {
    return type == COMMAND_DEPOSIT || type == COMMAND_WITHDRAW || type == COMMAND_HOLD ||
           type == COMMAND_GROUP || type == COMMAND_TRANSFER;
}

static struct choice choose(struct workload *workload) {
    switch (workload->plan.shape) {
    case WORKLOAD_UNIFORM:
    case WORKLOAD_ZIPF:
    case WORKLOAD_STEEP:
    case WORKLOAD_HOT:
    case WORKLOAD_REPEAT:
    case WORKLOAD_MALFORMED: return choose_move(workload);
    case WORKLOAD_MIX: return choose_mixed(workload);
    case WORKLOAD_TRANSFER:
        return (struct choice){.type = COMMAND_TRANSFER, .account = choose_account(workload)};
    case WORKLOAD_PURCHASE:
        return (struct choice){.type = COMMAND_PURCHASE, .account = choose_account(workload)};
    case WORKLOAD_SUBSCRIBE:
        return (struct choice){.type = COMMAND_SUBSCRIBE, .account = choose_account(workload)};
    }
    CHECK(!"workload shape");
}

/* What comes before the shape begins. */
static struct choice choose_opening(const struct workload *workload) {
    if (has_product(workload) && workload->made == 0) {
        return (struct choice){.type = COMMAND_PRODUCT_CREATE};
    }
    return (struct choice){.type = COMMAND_ACCOUNT_OPEN,
                           .account = workload->made - has_product(workload)};
}

static void fill_product(struct workload *workload) {
    struct command *command = &workload->command;
    bool is_sale = workload->plan.shape == WORKLOAD_PURCHASE;
    name_product(workload, &command->entity);
    command->price = PRICE;
    command->stock = workload->plan.stock;
    command->mode = is_sale ? PRODUCT_SALE : PRODUCT_SUBSCRIPTION;
}

static void fill(struct workload *workload, const struct choice *choice) {
    static const struct asset krw = {3, "KRW"};
    struct command *command = &workload->command;
    enum workload_shape shape = workload->plan.shape;
    bool only_leaves = has_product(workload) || shape == WORKLOAD_TRANSFER;
    name_account(choice->account, &command->entity);
    command->amount =
        has_amount(choice->type) ? 1 + (int64_t)prng_below(&workload->prng, AMOUNT_MAX) : 0;
    if (choice->reference != NULL) {
        command->reference = choice->reference->id;
    }
    if (choice->type == COMMAND_ACCOUNT_OPEN) {
        command->floor = only_leaves ? DEEP_FLOOR : 0;
    }
    if (choice->type == COMMAND_ACCOUNT_OPEN || choice->type == COMMAND_PRODUCT_CREATE) {
        command->currency = krw;
    }
    if (choice->type == COMMAND_TRANSFER) {
        choose_receiver(workload, choice->account, &command->to);
    } else if (choice->type == COMMAND_PRODUCT_CREATE) {
        fill_product(workload);
    } else if (choice->type == COMMAND_PURCHASE || choice->type == COMMAND_SUBSCRIBE) {
        name_product(workload, &command->product);
        command->quantity = 1 + (int64_t)prng_below(&workload->prng, QUANTITY_MAX);
        command->price = PRICE;
    }
}

/* With this shape a command follows from its number alone, so that it can be made again. */
static void seed_number(struct workload *workload, uint64_t number) {
    prng_seed(&workload->prng, workload->plan.seed + number * SEED_STRIDE);
}

static bool is_repetition(uint64_t place) {
    return place % REPEAT_EVERY == REPEAT_EVERY - 1;
}

/* The number of the command to make now: of a new one its own. */
static uint64_t choose_number(struct workload *workload) {
    uint64_t opening = workload_opening(workload);
    uint64_t place = workload->made - opening;
    uint64_t old = workload->plan.old;
    if (!is_repetition(place)) {
        return workload->made;
    }
    bool goes_far = place / REPEAT_EVERY % 2 == 0 && old > 0 && place > old;
    uint64_t recent = place < WORKLOAD_RECENT ? place : WORKLOAD_RECENT;
    uint64_t chosen = goes_far ? prng_below(&workload->prng, place - old)
                               : place - 1 - prng_below(&workload->prng, recent);
    workload->is_repeated = true;
    return opening + chosen - is_repetition(chosen);
}

struct slice workload_next(struct workload *workload) {
    bool is_opening = workload->made < workload_opening(workload);
    uint64_t number = workload->made;
    workload->is_repeated = false;
    if (workload->plan.shape == WORKLOAD_REPEAT && !is_opening) {
        seed_number(workload, number);
        number = choose_number(workload);
        seed_number(workload, number);
    }
    struct choice choice = is_opening ? choose_opening(workload) : choose(workload);
    workload->command = (struct command){.type = choice.type};
    make_id(workload, number);
    fill(workload, &choice);
    size_t len = workload_json_write(&workload->command, workload->json, sizeof workload->json);
    if (choice.type == COMMAND_HOLD) {
        remember(workload->holds, workload, choice.account);
    } else if (choice.type == COMMAND_DEPOSIT || choice.type == COMMAND_WITHDRAW) {
        remember(workload->moves, workload, choice.account);
    }
    workload->is_malformed = workload->plan.shape == WORKLOAD_MALFORMED && !is_opening &&
                             prng_below(&workload->prng, MALFORMED_OF) == 0;
    workload->made++;
    return (struct slice){(const uint8_t *)workload->json, workload->is_malformed ? len / 2 : len};
}
