#include "consumer/runtime/board.h"

#include <stdlib.h>

#include "common/check.h"
#include "consumer/core/batch.h"

bool board_init(struct board *board, uint16_t lanes_count) {
    *board = (struct board){.lanes_count = lanes_count};
    board->lanes = calloc(lanes_count, sizeof *board->lanes);
    for (uint16_t i = 0; board->lanes != NULL && i < lanes_count; i++) {
        atomic_init(&board->lanes[i].next_offset, -1);
    }
    return board->lanes != NULL;
}

void board_close(struct board *board) {
    free(board->lanes);
    board->lanes = NULL;
}

void board_count(atomic_uint_fast64_t *counter, uint64_t by) {
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

void board_answer(struct board *board, int type, int outcome) {
    int row = type >= 0 && type < BOARD_TYPES ? type : 0;
    if (outcome >= 0 && outcome < BOARD_OUTCOMES) {
        board_count(&board->answers[row][outcome], 1);
    }
}

void board_quarantine(struct board *board, const struct batch *batch) {
    for (size_t i = 0; i < batch->quarantine_count; i++) {
        int reason = (int)batch->quarantine[i].reason;
        CHECK(reason >= 0 && reason < BOARD_OUTCOMES);
        board_count(&board->quarantined[reason], 1);
    }
}
