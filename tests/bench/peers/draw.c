#include "tests/bench/peers/draw.h"

#include "tests/harness/commands.h"

void draw_next(struct draw *draw, struct prng *prng, const struct point *point) {
    bool is_hot = point->variant == VARIANT_HOT;
    commands_new_id(prng, draw->id);
    draw->account = is_hot ? 1 : 1 + (int64_t)prng_below(prng, (uint64_t)point->accounts);
    draw->amount = 1 + (int64_t)prng_below(prng, DRAW_AMOUNT_MAX);
    if (prng_below(prng, 2) == 0) {
        draw->amount = -draw->amount;
    }
    if (is_hot && prng_below(prng, 100) == 0) {
        draw->amount = -DRAW_BEYOND;
    }
}
