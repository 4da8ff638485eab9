#include "common/suggest.h"

#include <string.h>

static int least(int a, int b) {
    return a < b ? a : b;
}

int suggest_distance(const char *a, const char *b) {
    size_t rows = strlen(a);
    size_t columns = strlen(b);
    if (rows > SUGGEST_WORD_MAX || columns > SUGGEST_WORD_MAX) {
        return SUGGEST_WORD_MAX + 1;
    }
    int cost[SUGGEST_WORD_MAX + 1][SUGGEST_WORD_MAX + 1]; /* of a's first i and b's first j bytes */
    for (size_t i = 0; i <= rows; i++) {
        cost[i][0] = (int)i;
    }
    for (size_t j = 0; j <= columns; j++) {
        cost[0][j] = (int)j;
    }
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            int replaced = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = least(replaced, 1 + least(cost[i - 1][j], cost[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[rows][columns];
}

const char *suggest_word(const char *word, const char *const *candidates, size_t count) {
    const char *nearest = NULL;
    int allowed = (int)(strlen(word) / 3);
    int distance = (allowed < 1 ? 1 : allowed) + 1;
    for (size_t i = 0; i < count; i++) {
        int other = suggest_distance(word, candidates[i]);
        if (other < distance) {
            distance = other;
            nearest = candidates[i];
        }
    }
    return nearest;
}
