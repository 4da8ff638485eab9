#include "tests/harness/codec_pair.h"

#include <stdlib.h>
#include <string.h>

#include "common/command_scan.h"
#include "tests/harness/must.h"

void codec_pair_init(struct codec_pair *pair) {
    memset(pair, 0, sizeof *pair);
    must(arena_init(&pair->arenas[0], COMMAND_JSON_ARENA), "out of memory");
    must(arena_init(&pair->arenas[1], COMMAND_JSON_ARENA), "out of memory");
}

void codec_pair_close(struct codec_pair *pair) {
    arena_close(&pair->arenas[0]);
    arena_close(&pair->arenas[1]);
}

static bool same_memo(const struct command *a, const struct command *b) {
    return a->memo.len == b->memo.len && (a->memo.at == NULL) == (b->memo.at == NULL) &&
           (a->memo.len == 0 || memcmp(a->memo.at, b->memo.at, a->memo.len) == 0);
}

static bool same_hash(const struct command *a, const struct command *b) {
    uint8_t first[COMMAND_HASH_LEN];
    uint8_t second[COMMAND_HASH_LEN];
    command_hash(a, first);
    command_hash(b, second);
    return memcmp(first, second, sizeof first) == 0;
}

/* All bytes but the memo's address, padding included: a field that is added later is compared too,
 * and defaults are compared as well as what was given. */
static bool same_bytes(struct command a, struct command b) {
    a.memo.at = NULL;
    b.memo.at = NULL;
    return memcmp(&a, &b, sizeof a) == 0;
}

static const char *find_fault(const struct codec_pair *pair) {
    if (!pair->is_plain) {
        return pair->arenas[0].used == 0 ? NULL : "unusual, but something is left in the arena";
    }
    if (!pair->is_valid) {
        return "plain, but the tree refuses it";
    }
    bool same = same_memo(&pair->scanned, &pair->by_tree) &&
                same_hash(&pair->scanned, &pair->by_tree) &&
                same_bytes(pair->scanned, pair->by_tree);
    return same ? NULL : "two different commands";
}

const char *codec_pair_fault(struct codec_pair *pair, const void *json, size_t len) {
    uint8_t *copy = malloc(len + (len == 0)); /* exact: a sanitiser sees a read behind the end */
    must(copy != NULL, "out of memory");
    if (len > 0) {
        memcpy(copy, json, len);
    }
    struct slice text = {.at = copy, .len = len};
    arena_reset(&pair->arenas[0]);
    arena_reset(&pair->arenas[1]);
    memset(&pair->by_tree, 0, sizeof pair->by_tree);
    pair->is_valid =
        command_decode_tree(text, COMMAND_JSON_RULES, &pair->arenas[1], &pair->by_tree, &pair->why);
    pair->scanned = command_defaults;
    pair->is_plain = command_scan(text, &pair->arenas[0], &pair->scanned);
    free(copy);
    return find_fault(pair);
}
