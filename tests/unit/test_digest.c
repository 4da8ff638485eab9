#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"

static struct slice slice(const char *text) {
    return (struct slice){.at = (const uint8_t *)text, .len = strlen(text)};
}

static void expect_hex(const uint8_t *bytes, size_t len, const char *expected) {
    char hex[2 * DIGEST_SHA256_LEN + 1];
    for (size_t i = 0; i < len; i++) {
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    }
    cr_assert_str_eq(hex, expected);
}

static const char *const sha256_abc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/* FIPS 180-4 examples. */
Test(digest, test_sha256_of_known_messages) {
    uint8_t out[DIGEST_SHA256_LEN];
    digest_sha256("abc", 3, out);
    expect_hex(out, sizeof out, sha256_abc);
    digest_sha256("", 0, out);
    expect_hex(out, sizeof out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(digest, test_pieces_are_one_message) {
    const struct slice parts[] = {slice("a"), {0}, slice("bc")};
    uint8_t out[DIGEST_SHA256_LEN];
    digest_sha256_parts(parts, 3, out);
    expect_hex(out, sizeof out, sha256_abc);
}

Test(digest, test_digest_can_be_begun_again) {
    uint8_t out[DIGEST_SHA256_LEN];
    struct digest *digest = digest_new();
    for (int i = 0; i < 2; i++) {
        digest_begin(digest);
        digest_add(digest, "ab", 2);
        digest_add(digest, "c", 1);
        digest_end(digest, out);
        expect_hex(out, sizeof out, sha256_abc);
    }
    digest_free(digest);
}

Test(digest, test_sha1_of_a_known_message) {
    const struct slice parts[] = {slice("ab"), slice("c")};
    uint8_t out[DIGEST_SHA1_LEN];
    digest_sha1_parts(parts, 2, out);
    expect_hex(out, sizeof out, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

/* RFC 4231, test case 2. */
Test(digest, test_hmac_of_a_known_message) {
    uint8_t out[DIGEST_SHA256_LEN];
    const char *message = "what do ya want for nothing?";
    digest_hmac_sha256(slice("Jefe"), message, strlen(message), out);
    expect_hex(out, sizeof out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* RFC 4231, test case 6: the key is longer than a block, and hashed first. */
Test(digest, test_hmac_with_a_long_key) {
    uint8_t out[DIGEST_SHA256_LEN];
    uint8_t key[131];
    const char *message = "Test Using Larger Than Block-Size Key - Hash Key First";
    memset(key, 0xaa, sizeof key);
    digest_hmac_sha256((struct slice){key, sizeof key}, message, strlen(message), out);
    expect_hex(out, sizeof out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

Test(digest, test_hmac_with_an_absent_key_does_not_remember_the_last_one) {
    uint8_t fresh[DIGEST_SHA256_LEN];
    uint8_t after[DIGEST_SHA256_LEN];
    digest_hmac_sha256(slice(""), "m", 1, fresh);
    digest_hmac_sha256(slice("other"), "m", 1, after);
    digest_hmac_sha256((struct slice){0}, "m", 1, after);
    cr_assert(digest_equal(fresh, after, sizeof fresh));
}

Test(digest, test_equality_sees_the_last_byte) {
    cr_assert(digest_equal("abcd", "abcd", 4));
    cr_assert_not(digest_equal("abcd", "abce", 4));
}
