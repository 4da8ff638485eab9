#include <criterion/criterion.h>
#include <string.h>

#include "common/money.h"

static bool reads(const char *text, int64_t expected) {
    int64_t amount = 77;
    return money_parse(text, strlen(text), &amount) && amount == expected;
}

static bool refuses(const char *text) {
    int64_t amount = 77;
    return !money_parse(text, strlen(text), &amount) && amount == 77;
}

static void expect_text(int64_t amount, const char *code, const char *expected) {
    struct asset asset = {0};
    asset_parse(code, strlen(code), &asset);
    char text[MONEY_TEXT_MAX];
    money_format(amount, &asset, text);
    cr_assert_str_eq(text, expected);
}

static void expect_wide_round_trip(const char *digits) {
    money_wide wide;
    char text[MONEY_TEXT_MAX];
    cr_assert(money_wide_parse(digits, strlen(digits), &wide), "%s", digits);
    money_wide_format(wide, text);
    cr_assert_str_eq(text, digits);
}

Test(money, test_sums_at_the_edge_are_exact_and_beyond_it_refused) {
    int64_t sum = 5;
    cr_assert(money_add(INT64_MAX - 1, 1, &sum));
    cr_assert_eq(sum, INT64_MAX);
    cr_assert_not(money_add(INT64_MAX, 1, &sum));
    cr_assert_not(money_add(INT64_MIN, -1, &sum));
    cr_assert_eq(sum, INT64_MAX);
}

Test(money, test_products_at_the_edge_are_exact_and_beyond_it_refused) {
    int64_t product = 5;
    cr_assert(money_multiply(INT64_C(3037000499), INT64_C(3037000499), &product));
    cr_assert_eq(product, INT64_C(9223372030926249001));
    cr_assert_not(money_multiply(INT64_C(3037000500), INT64_C(3037000500), &product));
    cr_assert_not(money_multiply(INT64_MIN, -1, &product));
    cr_assert_eq(product, INT64_C(9223372030926249001));
}

Test(money, test_plain_digits_are_read) {
    cr_assert(reads("0", 0));
    cr_assert(reads("-12", -12));
    cr_assert(reads("9223372036854775807", INT64_MAX));
    cr_assert(reads("-9223372036854775807", MONEY_MIN));
}

Test(money, test_anything_but_plain_digits_is_refused) {
    const char *bad[] = {"",     "-",   "+1",    "01",   "-0",  "-01",  "00",  " 1",     "1 ",
                         "1.0",  "1e2", "1,000", "0x10", "1_0", "--1",  "NaN", "\xd9\xa1",
                         "9223372036854775808", "-9223372036854775808", "18446744073709551616",
                         "340282366920938463463374607431768211457"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(refuses(bad[i]), "%s", bad[i]);
    }
}

Test(money, test_text_need_not_be_terminated) {
    int64_t amount;
    cr_assert(money_parse("12345", 3, &amount));
    cr_assert_eq(amount, 123);
}

Test(money, test_amounts_are_grouped_with_their_asset) {
    expect_text(10000, "KRW", "10,000 KRW");
    expect_text(0, "KRW", "0 KRW");
    expect_text(999, "KRW", "999 KRW");
    expect_text(-1000, "KRW", "-1,000 KRW");
    expect_text(INT64_MAX, "VIEW", "9,223,372,036,854,775,807 VIEW");
    expect_text(INT64_MIN, "VIEW", "-9,223,372,036,854,775,808 VIEW");
}

Test(money, test_minor_units_stand_behind_a_point) {
    expect_text(123450, "EUR", "1,234.50 EUR");
    expect_text(5, "EUR", "0.05 EUR");
    expect_text(-5, "EUR", "-0.05 EUR");
    expect_text(0, "BHD", "0.000 BHD");
    expect_text(1234567, "BHD", "1,234.567 BHD");
    expect_text(12345678, "CLF", "1,234.5678 CLF");
}

Test(money, test_no_asset_leaves_the_number_alone) {
    expect_text(1234, "", "1,234");
}

Test(money, test_wide_amounts_round_trip_up_to_128_bits) {
    expect_wide_round_trip("0");
    expect_wide_round_trip("-1");
    expect_wide_round_trip("9223372036854775808");
    expect_wide_round_trip("170141183460469231731687303715884105727");
    expect_wide_round_trip("-170141183460469231731687303715884105728");
}

Test(money, test_wide_amounts_beyond_128_bits_are_refused) {
    money_wide wide;
    const char *bad[] = {"170141183460469231731687303715884105728",
                         "-170141183460469231731687303715884105729",
                         "340282366920938463463374607431768211456",
                         "9999999999999999999999999999999999999999", "-0", "1.0", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(money_wide_parse(bad[i], strlen(bad[i]), &wide), "%s", bad[i]);
    }
}
