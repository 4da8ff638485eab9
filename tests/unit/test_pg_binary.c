#include <criterion/criterion.h>
#include <string.h>

#include "common/pg/pg_binary.h"

static struct pg_bytes out;

static void expect_bytes(const void *wanted, size_t len) {
    cr_assert_eq(out.len, len, "%zu bytes", out.len);
    cr_expect_arr_eq(out.at, wanted, len);
    pg_bytes_close(&out);
}

Test(pg_binary, test_an_int64_is_its_length_and_big_endian_bytes) {
    pg_put_int64(&out, -2);
    expect_bytes("\0\0\0\10\377\377\377\377\377\377\377\376", 12);
}

Test(pg_binary, test_null_is_a_length_of_minus_one) {
    pg_put_null(&out);
    expect_bytes("\377\377\377\377", 4);
}

Test(pg_binary, test_empty_text_is_not_null) {
    pg_put_bytes(&out, "", 0);
    expect_bytes("\0\0\0\0", 4);
}

Test(pg_binary, test_numeric_zero_has_no_digits) {
    pg_put_numeric(&out, 0);
    expect_bytes("\0\0\0\10\0\0\0\0\0\0\0\0", 12);
}

Test(pg_binary, test_numeric_keeps_inner_zeros_and_sign) {
    pg_put_numeric(&out, -100000002); /* 1 0000 0002 */
    expect_bytes("\0\0\0\16\0\3\0\2\100\0\0\0\0\1\0\0\0\2", 18);
}

Test(pg_binary, test_numeric_takes_the_lowest_128_bit_number) {
    const money_wide lowest = (money_wide)((__extension__(unsigned __int128) 1) << 127);
    pg_put_numeric(&out, lowest); /* -170 1411 8346 0469 2317 3168 7303 7158 8410 5728 */
    cr_assert_eq(out.len, 12 + 2 * 10);
    cr_expect_arr_eq(out.at + 4, "\0\12\0\11\100\0\0\0\0\252", 10);
    cr_expect_arr_eq(out.at + 30, "\26\140", 2);
    pg_bytes_close(&out);
}

static int64_t time_there_and_back(int64_t unix_ms) {
    pg_put_time(&out, unix_ms);
    int64_t result = pg_get_time(out.at + 4);
    pg_bytes_close(&out);
    return result;
}

Test(pg_binary, test_times_come_back_to_the_millisecond) {
    cr_expect_eq(time_there_and_back(0), 0);
    cr_expect_eq(time_there_and_back(1733000000123), 1733000000123);
    cr_expect_eq(time_there_and_back(-1), -1);
    cr_expect_eq(time_there_and_back(946684799999), 946684799999);
    cr_expect_eq(time_there_and_back(PG_TIME_NEVER), PG_TIME_NEVER);
}

Test(pg_binary, test_a_time_beyond_all_calendars_is_never_stored_as_infinity) {
    pg_put_time(&out, INT64_MAX - 1);
    cr_expect_eq(pg_get_int64(out.at + 4), INT64_MAX - 1);
    pg_bytes_close(&out);
}

Test(pg_binary, test_an_empty_array_has_no_dimension) {
    pg_array_begin(&out, PG_TEXT, 0);
    expect_bytes("\0\0\0\0\0\0\0\1\0\0\0\31", 12);
}

Test(pg_binary, test_an_array_says_type_and_count) {
    pg_array_begin(&out, PG_INT8, 3);
    expect_bytes("\0\0\0\1\0\0\0\1\0\0\0\24\0\0\0\3\0\0\0\1", 20);
}

Test(pg_binary, test_copy_has_signature_and_trailer) {
    pg_copy_begin(&out);
    pg_copy_row(&out, 26);
    pg_copy_end(&out);
    expect_bytes("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\32\377\377", 23);
}

Test(pg_binary, test_integers_come_back) {
    pg_put_int16(&out, -300);
    pg_put_int32(&out, INT32_MIN);
    pg_put_int64(&out, INT64_MIN);
    cr_expect_eq(pg_get_int16(out.at + 4), -300);
    cr_expect_eq(pg_get_int32(out.at + 10), INT32_MIN);
    cr_expect_eq(pg_get_int64(out.at + 18), INT64_MIN);
    pg_bytes_close(&out);
}
