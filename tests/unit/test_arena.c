#include <criterion/criterion.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

Test(arena, test_everything_taken_is_aligned_and_apart) {
    struct arena arena;
    cr_assert(arena_init(&arena, 256));
    unsigned char *a = arena_take(&arena, 1);
    unsigned char *b = arena_take(&arena, 3);
    cr_assert_eq((uintptr_t)a % alignof(max_align_t), 0);
    cr_assert_eq((uintptr_t)b % alignof(max_align_t), 0);
    cr_assert(b > a);
    arena_close(&arena);
}

Test(arena, test_full_arena_answers_null_and_keeps_working) {
    struct arena arena;
    cr_assert(arena_init(&arena, 64));
    cr_assert_null(arena_take(&arena, 65));
    cr_assert_null(arena_take(&arena, SIZE_MAX));
    cr_assert_not_null(arena_take(&arena, 64));
    cr_assert_null(arena_take(&arena, 1));
    arena_close(&arena);
}

Test(arena, test_reset_gives_the_same_block_again) {
    struct arena arena;
    cr_assert(arena_init(&arena, 64));
    void *first = arena_take(&arena, 64);
    arena_reset(&arena);
    cr_assert_eq(arena_take(&arena, 64), first);
    arena_close(&arena);
}
