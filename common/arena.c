#include "common/arena.h"

#include <stddef.h>
#include <stdlib.h>

bool arena_init(struct arena *arena, size_t size) {
    *arena = (struct arena){.block = malloc(size), .size = size};
    return arena->block != NULL;
}

void arena_close(struct arena *arena) {
    free(arena->block);
    *arena = (struct arena){0};
}

void *arena_take(struct arena *arena, size_t size) {
    const size_t alignment = _Alignof(max_align_t);
    size_t start = (arena->used + alignment - 1) / alignment * alignment;
    if (start > arena->size || size > arena->size - start) {
        return NULL;
    }
    arena->used = start + size;
    return arena->block + start;
}

void arena_reset(struct arena *arena) {
    arena->used = 0;
}
