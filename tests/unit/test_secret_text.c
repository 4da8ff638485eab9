/* Secrets as text: what was written is read again, and nothing else is. */
#include <criterion/criterion.h>
#include <string.h>

#include "consumer/verbs/secret_text.h"

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff"

static struct leg_secret sample(void) {
    struct leg_secret secret = {.key_id = 4294967295u};
    for (int i = 0; i < LEG_SECRET_LEN; i++) {
        secret.bytes[i] = (uint8_t)i;
    }
    secret.bytes[LEG_SECRET_LEN - 1] = 0xff;
    return secret;
}

Test(secret_text, test_line_is_as_documented) {
    const struct leg_secret secret = sample();
    char line[SECRET_LINE_MAX];
    secret_format(&secret, line);
    cr_assert_str_eq(line, "teller-secret 4294967295 " DIGITS);
}

Test(secret_text, test_what_was_written_is_read_again) {
    const struct leg_secret secret = sample();
    struct leg_secret back = {.key_id = 0};
    cr_assert(secret_parse("teller-secret 4294967295 " DIGITS "\n", &back));
    cr_expect_eq(back.key_id, secret.key_id);
    cr_expect_eq(memcmp(back.bytes, secret.bytes, LEG_SECRET_LEN), 0);
}

Test(secret_text, test_anything_else_is_refused) {
    static const char *const bad[] = {
        "",
        "teller-secret",
        "teller-secret 1",
        "teller-secret  " DIGITS,
        "teller-secret -1 " DIGITS,
        "teller-secret 4294967296 " DIGITS,
        "teller-secret 99999999999999999999999999 " DIGITS,
        "teller-secret 1 " DIGITS "0",
        "teller-secret 1 " DIGITS " ",
        "teller-secret 1 0" DIGITS,
        "teller-secret 1 0001020304050607",
        "teller-secret 1 zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff",
        "secret 1 " DIGITS,
    };
    struct leg_secret out;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(secret_parse(bad[i], &out), "%s", bad[i]);
    }
}
