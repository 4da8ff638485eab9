/* A seeded generator of commands for load tests and benchmarks: the same seed, shape and number of
 * accounts make the same commands, ids included, on every machine. Pure; one thread. */
#ifndef TELLER_PRODUCER_WORKLOAD_H
#define TELLER_PRODUCER_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/command.h"
#include "common/prng.h"
#include "common/slice.h"

/* X(symbol, word): how accounts are chosen, and what happens to them. */
#define WORKLOAD_SHAPES(X)                                                                         \
    X(UNIFORM, "uniform")     /* deposits and withdrawals, every account alike */                  \
    X(ZIPF, "zipf")           /* as uniform, but accounts by Zipf's law, exponent 0.99 */          \
    X(STEEP, "zipf-1.2")      /* likewise, exponent 1.2 */                                         \
    X(HOT, "hot")             /* one account; of 100 withdrawals one or so is short of funds */    \
    X(REPEAT, "repeat")       /* as uniform, but every tenth is an earlier one again */            \
    X(MALFORMED, "malformed") /* as uniform, but one of 100 is cut in the middle */                \
    X(MIX, "mix")             /* every command on one account but close */                         \
    X(TRANSFER, "transfer")   /* each to an account of another lane */                             \
    X(PURCHASE, "purchase")   /* all of one product */                                             \
    X(SUBSCRIBE, "subscribe") /* likewise; finalizing it is left to somebody else */

#define WORKLOAD_ENUM(symbol, word) WORKLOAD_##symbol,
enum workload_shape { WORKLOAD_SHAPES(WORKLOAD_ENUM) };
#undef WORKLOAD_ENUM

bool workload_shape_parse(const char *word, enum workload_shape *shape);

#define WORKLOAD_JSON_MAX 512
#define WORKLOAD_RECENT 64   /* commands that a later one may refer to, or repeat */
#define WORKLOAD_OLD 1000000 /* commands: further back than a worker's memory of ids goes */

struct workload_recent {
    struct uuid id;
    uint64_t account;
};

#define WORKLOAD_PRODUCT "sku-hot"
#define WORKLOAD_ALLOTTED "ipo-hot"

struct workload_plan {
    enum workload_shape shape;
    uint64_t accounts; /* >= 1; of transfers >= 2 */
    uint64_t seed;
    int64_t base_ms;     /* Unix time where the ids begin: they rise by 1 ms per 1,000 */
    uint16_t partitions; /* that transfers go across; 0: not known, any other account will do */
    int64_t stock;       /* pieces of the product */
    uint64_t old;        /* every other repeated command is at least that many old, if there are */
};

struct workload {
    struct workload_plan plan;
    uint64_t made; /* commands */
    struct prng prng;
    double zipf_exponent, zipf_total, zipf_second; /* constants of Gray's method */
    struct workload_recent holds[WORKLOAD_RECENT];
    struct workload_recent moves[WORKLOAD_RECENT]; /* deposits and withdrawals */
    char json[WORKLOAD_JSON_MAX];
    struct command command; /* made last */
    bool is_repeated;       /* it was made before */
    bool is_malformed;      /* its JSON is no command */
};

void workload_init(struct workload *workload, const struct workload_plan *plan);

/* Makes the next command: first the product is made, if the shape has one, then every account is
 * opened (currency KRW; where money only leaves it, with a floor far below), then the shape begins.
 * workload->command has the fields of its type; the JSON is valid until the next call. */
struct slice workload_next(struct workload *workload);

/* How many commands come before the shape begins. */
uint64_t workload_opening(const struct workload *workload);

#endif
