#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/ident.h"

static bool is_ident(const char *text) {
    struct ident ident;
    return ident_parse(text, strlen(text), &ident);
}

static bool is_asset(const char *text) {
    struct asset asset;
    return asset_parse(text, strlen(text), &asset);
}

static int exponent(const char *text) {
    struct asset asset;
    cr_assert(asset_parse(text, strlen(text), &asset), "%s", text);
    return asset_exponent(&asset);
}

Test(ident, test_every_allowed_shape_is_read) {
    const char *good[] = {"a", "Z", "0", "alice", "a.b_c:d-e", "9--", "A:::"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_assert(is_ident(good[i]), "%s", good[i]);
    }
}

Test(ident, test_everything_else_is_refused) {
    const char *bad[] = {"",
                         ".a",
                         "-a",
                         "_a",
                         ":a",
                         "@world",
                         "a b",
                         "a/b",
                         "a\n",
                         "\xc3\xa9",
                         "caf\xc3\xa9",
                         "cafe\xcc\x81",
                         "a\x7f",
                         "a@b",
                         "a\xe2\x80\x8b",
                         "a\xf0\x9f\x92\xb0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(is_ident(bad[i]), "%s", bad[i]);
    }
}

Test(ident, test_each_byte_is_judged_by_the_pattern) {
    const char *head = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (int c = 1; c < 256; c++) {
        struct ident ident;
        const char first[] = {(char)c};
        const char second[] = {'a', (char)c};
        cr_assert_eq(ident_parse(first, 1, &ident), strchr(head, c) != NULL);
        cr_assert_eq(ident_parse(second, 2, &ident),
                     strchr(head, c) != NULL || strchr("._:-", c) != NULL);
    }
}

Test(ident, test_nul_inside_is_refused) {
    struct ident ident;
    cr_assert_not(ident_parse("a\0b", 3, &ident));
}

Test(ident, test_longest_name_fits_and_one_more_does_not) {
    char text[IDENT_MAX + 2];
    memset(text, 'x', sizeof text);
    struct ident ident;
    cr_assert(ident_parse(text, IDENT_MAX, &ident));
    cr_assert_eq(ident.len, IDENT_MAX);
    cr_assert_eq(strlen(ident.text), IDENT_MAX);
    cr_assert_not(ident_parse(text, IDENT_MAX + 1, &ident));
}

Test(ident, test_refusal_leaves_the_value_alone) {
    struct ident ident;
    cr_assert(ident_parse("alice", 5, &ident));
    cr_assert_not(ident_parse("@", 1, &ident));
    cr_assert_str_eq(ident.text, "alice");
}

Test(ident, test_equality_and_hash_see_every_byte) {
    struct ident a, b, c, d;
    ident_parse("account-000000001", 17, &a);
    ident_parse("account-000000001", 17, &b);
    ident_parse("account-000000002", 17, &c);
    ident_parse("account-00000000", 16, &d);
    cr_assert(ident_equal(&a, &b));
    cr_assert_eq(ident_hash(&a, 7), ident_hash(&b, 7));
    cr_assert_not(ident_equal(&a, &c));
    cr_assert_neq(ident_hash(&a, 7), ident_hash(&c, 7));
    cr_assert_not(ident_equal(&a, &d));
    cr_assert_neq(ident_hash(&a, 7), ident_hash(&d, 7));
}

Test(ident, test_hash_spreads_numbered_names_over_low_bits) {
    static unsigned buckets[1024];
    for (int i = 0; i < 1024 * 16; i++) {
        char text[32];
        struct ident ident;
        int len = snprintf(text, sizeof text, "acc-%d", i);
        cr_assert(ident_parse(text, (size_t)len, &ident));
        buckets[ident_hash(&ident, 7) % 1024]++;
    }
    for (int i = 0; i < 1024; i++) {
        cr_assert(buckets[i] < 48, "bucket %d holds %u names, 16 expected", i, buckets[i]);
    }
}

Test(ident, test_assets_follow_their_pattern) {
    cr_assert(is_asset("KRW"));
    cr_assert(is_asset("VIEW"));
    cr_assert(is_asset("A12"));
    cr_assert(is_asset("ABCDEFGH"));
    const char *bad[] = {"", "KR", "krw", "1AB", "ABCDEFGHI", "KR W", "KR-", "KRw"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(is_asset(bad[i]), "%s", bad[i]);
    }
}

Test(ident, test_exponents_of_iso_4217) {
    cr_assert_eq(exponent("KRW"), 0);
    cr_assert_eq(exponent("JPY"), 0);
    cr_assert_eq(exponent("USD"), 2);
    cr_assert_eq(exponent("EUR"), 2);
    cr_assert_eq(exponent("ZWL"), 2);
    cr_assert_eq(exponent("AED"), 2);
    cr_assert_eq(exponent("BHD"), 3);
    cr_assert_eq(exponent("CLF"), 4);
}

Test(ident, test_other_assets_have_no_digits) {
    cr_assert_eq(exponent("VIEW"), 0);
    cr_assert_eq(exponent("EURX"), 0);
    cr_assert_eq(exponent("DAL"), 0); /* inside "AED ALL" only across a blank */
    cr_assert_eq(exponent("XXX"), 0);
}

Test(ident, test_asset_equality) {
    struct asset a, b;
    asset_parse("EUR", 3, &a);
    asset_parse("EURX", 4, &b);
    cr_assert(asset_equal(&a, &a));
    cr_assert_not(asset_equal(&a, &b));
}
