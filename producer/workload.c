#include "producer/workload.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"

#define ZIPF_EXPONENT 0.99
#define AMOUNT_MAX 1000
#define IDS_PER_MS 1000

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

static double zeta(uint64_t count) {
    double sum = 0;
    for (uint64_t i = 1; i <= count; i++) {
        sum += 1 / pow((double)i, ZIPF_EXPONENT);
    }
    return sum;
}

void workload_init(struct workload *workload, enum workload_shape shape, uint64_t accounts,
                   uint64_t seed, int64_t base_ms) {
    CHECK(accounts >= 1);
    memset(workload, 0, sizeof *workload);
    workload->shape = shape;
    workload->accounts = shape == WORKLOAD_HOT ? 1 : accounts;
    workload->base_ms = base_ms;
    prng_seed(&workload->prng, seed);
    if (shape == WORKLOAD_ZIPF) {
        workload->zipf_total = zeta(accounts);
        workload->zipf_second = zeta(accounts < 2 ? accounts : 2);
    }
}

uint64_t workload_opening(const struct workload *workload) {
    return workload->accounts;
}

/* J. Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994. */
static uint64_t zipf(struct workload *workload) {
    double n = (double)workload->accounts;
    double u = prng_unit(&workload->prng);
    double scaled = u * workload->zipf_total;
    if (scaled < 1) {
        return 0;
    }
    if (scaled < workload->zipf_second) {
        return workload->accounts > 1 ? 1 : 0;
    }
    double eta =
        (1 - pow(2 / n, 1 - ZIPF_EXPONENT)) / (1 - workload->zipf_second / workload->zipf_total);
    uint64_t rank = (uint64_t)(n * pow(eta * u - eta + 1, 1 / (1 - ZIPF_EXPONENT)));
    return rank < workload->accounts ? rank : workload->accounts - 1;
}

static uint64_t choose_account(struct workload *workload) {
    return workload->shape == WORKLOAD_ZIPF ? zipf(workload)
                                            : prng_below(&workload->prng, workload->accounts);
}

static void name_account(struct workload *workload, uint64_t account) {
    char name[IDENT_MAX + 1];
    int len = snprintf(name, sizeof name, "acc-%08llu", (unsigned long long)account);
    CHECK(ident_parse(name, (size_t)len, &workload->command.entity));
}

static void make_id(struct workload *workload) {
    uint64_t dice[2] = {prng_next(&workload->prng), prng_next(&workload->prng)};
    int64_t ms = workload->base_ms + (int64_t)(workload->made / IDS_PER_MS);
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
    bool hot = workload->shape == WORKLOAD_HOT;
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

static size_t write_tail(struct workload *workload, const struct choice *choice, size_t len) {
    char *to = workload->json + len;
    size_t room = sizeof workload->json - len;
    long long amount = (long long)workload->command.amount;
    char reference[UUID_TEXT_LEN + 1] = "";
    if (choice->reference != NULL) {
        uuid_format(&choice->reference->id, reference);
    }
    int added;
    switch (choice->type) {
    case COMMAND_ACCOUNT_OPEN: added = snprintf(to, room, ",\"currency\":\"KRW\"}"); break;
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE: added = snprintf(to, room, ",\"hold\":\"%s\"}", reference); break;
    case COMMAND_REVERSE: added = snprintf(to, room, ",\"of\":\"%s\"}", reference); break;
    case COMMAND_GROUP:
        added = snprintf(to, room,
                         ",\"commands\":[{\"type\":\"deposit\",\"amount\":%lld},"
                         "{\"type\":\"withdraw\",\"amount\":%lld}]}",
                         amount, amount);
        break;
    default:
        added =
            amount == 0 ? snprintf(to, room, "}") : snprintf(to, room, ",\"amount\":%lld}", amount);
        break;
    }
    CHECK(added > 0 && (size_t)added < room);
    return len + (size_t)added;
}

static bool has_amount(enum command_type type) {
    return type == COMMAND_DEPOSIT || type == COMMAND_WITHDRAW || type == COMMAND_HOLD ||
           type == COMMAND_GROUP;
}

/* Composed from literals: the hot path of a preload of millions. */
static size_t write_head(struct workload *workload) {
    char *to = workload->json;
    const char *type = command_type_word(workload->command.type);
    size_t len = strlen(type);
    memcpy(to, "{\"v\":1,\"id\":\"", 13);
    uuid_format(&workload->command.id, to + 13);
    to += 13 + UUID_TEXT_LEN;
    memcpy(to, "\",\"type\":\"", 10);
    memcpy(to + 10, type, len);
    to += 10 + len;
    memcpy(to, "\",\"account\":\"", 13);
    memcpy(to + 13, workload->command.entity.text, workload->command.entity.len);
    to += 13 + workload->command.entity.len;
    *to++ = '"';
    return (size_t)(to - workload->json);
}

struct slice workload_next(struct workload *workload) {
    struct choice choice = {.type = COMMAND_ACCOUNT_OPEN, .account = workload->made};
    if (workload->made >= workload->accounts) {
        choice = workload->shape == WORKLOAD_MIX ? choose_mixed(workload) : choose_move(workload);
    }
    make_id(workload);
    name_account(workload, choice.account);
    workload->command.type = choice.type;
    workload->command.amount =
        has_amount(choice.type) ? 1 + (int64_t)prng_below(&workload->prng, AMOUNT_MAX) : 0;
    size_t len = write_tail(workload, &choice, write_head(workload));
    if (choice.type == COMMAND_HOLD) {
        remember(workload->holds, workload, choice.account);
    } else if (choice.type == COMMAND_DEPOSIT || choice.type == COMMAND_WITHDRAW) {
        remember(workload->moves, workload, choice.account);
    }
    workload->made++;
    return (struct slice){(const uint8_t *)workload->json, len};
}
