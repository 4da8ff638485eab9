/* What the floor writes: the steps that the plan's commands come to, lane by lane in the order of
 * their records, made before anything is measured. */
#ifndef TELLER_TESTS_BENCH_FLOOR_LOG_H
#define TELLER_TESTS_BENCH_FLOOR_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ident.h"
#include "common/uuid.h"
#include "tests/bench/expect.h"

#define FLOOR_LANES_MAX 64
#define FLOOR_NOBODY UINT32_MAX

enum floor_kind {
    FLOOR_MOVE,      /* a deposit or withdrawal */
    FLOOR_DEBIT,     /* of a transfer, in the sender's lane */
    FLOOR_CREDIT,    /* in the receiver's */
    FLOOR_HOLD,      /* of a purchase, in the buyer's lane */
    FLOOR_SELL,      /* in the product's */
    FLOOR_SETTLE,    /* in the buyer's again */
    FLOOR_REPEATED,  /* an id that the journal has */
    FLOOR_MALFORMED, /* a record for the quarantine */
};

struct floor_step {
    struct uuid id;
    int64_t amount; /* change of the balance, signed; of SELL: pieces */
    int64_t held;   /* change of what is held */
    int64_t price;
    uint32_t account; /* number within the lane */
    uint32_t counter; /* the account on the other side, as the generator counts; or FLOOR_NOBODY */
    uint16_t origin;
    uint8_t kind;    /* enum floor_kind */
    bool is_refused; /* out of stock */
};

struct floor_account {
    int64_t balance;
    int64_t held;
    int64_t version;
    struct uuid last_id;
    int32_t last_step;
    uint16_t last_origin;
    uint32_t touched; /* number of the batch that changed it last */
};

struct floor_lane {
    struct floor_step *steps;
    size_t count;
    size_t warm;                    /* of them, before counting begins */
    struct floor_account *accounts; /* number n at n - 1 */
    uint32_t accounts_count;
};

struct floor_log {
    struct floor_lane lanes[FLOOR_LANES_MAX];
    uint16_t lanes_count;
    int64_t floor; /* of every account */
    int64_t stock; /* of the product; 0: there is none */
    uint16_t product_lane;
};

void floor_log_make(struct floor_log *log, const struct plan *plan, const struct expect *expect);
void floor_log_close(struct floor_log *log);

/* The account with that number of the generator. */
void floor_log_name(uint32_t account, struct ident *ident);

#endif
