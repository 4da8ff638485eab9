/* A bump allocator over one block: what a batch decodes lives as long as the batch.
 * Never grows; a full arena answers NULL, and the caller ends its batch. Not thread-safe. */
#ifndef TELLER_COMMON_ARENA_H
#define TELLER_COMMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
    unsigned char *block;
    size_t size; /* bytes */
    size_t used; /* bytes */
};

/* Allocates the block. Returns false when out of memory. Close with arena_close. */
bool arena_init(struct arena *arena, size_t size);
void arena_close(struct arena *arena);

/* `size` bytes aligned for any object, or NULL when the arena is full. */
void *arena_take(struct arena *arena, size_t size);

/* Forgets everything that was taken; the block stays. */
void arena_reset(struct arena *arena);

#endif
