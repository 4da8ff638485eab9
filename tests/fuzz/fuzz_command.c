#include <string.h>

#include "tests/harness/codec_pair.h"
#include "tests/harness/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What decodes must mean the same when it is written and read again. */
static void expect_round_trip(struct codec_pair *pair) {
    uint8_t hash[COMMAND_HASH_LEN];
    uint8_t again[COMMAND_HASH_LEN];
    struct strbuf json = STRBUF_INIT;
    command_hash(&pair->by_tree, hash);
    command_encode(&pair->by_tree, &json);
    const char *fault = codec_pair_fault(pair, json.text, json.len);
    must(fault == NULL && pair->is_valid, "%s: %s", json.text, fault);
    command_hash(&pair->by_tree, again);
    must(memcmp(hash, again, sizeof hash) == 0, "another hash: %s", json.text);
    strbuf_close(&json);
}

/* Any bytes: the scanner may accept only what the tree reads as the same command. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct codec_pair pair;
    codec_pair_init(&pair);
    const char *fault = codec_pair_fault(&pair, bytes, len);
    must(fault == NULL, "%s: %.*s", fault, (int)len, (const char *)bytes);
    if (pair.is_valid) {
        expect_round_trip(&pair);
    }
    codec_pair_close(&pair);
    return 0;
}
