/* What a leg says comes back as it was written, and nothing else is taken for it. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/leg_body.h"
#include "common/prng.h"

static void draw_ident(struct prng *prng, struct ident *ident) {
    char text[IDENT_MAX + 1];
    size_t len = 1 + (size_t)prng_below(prng, IDENT_MAX);
    for (size_t i = 0; i < len; i++) {
        text[i] = "abcXYZ019._:-"[prng_below(prng, i == 0 ? 9 : 13)];
    }
    cr_assert(ident_parse(text, len, ident));
}

static void draw_uuid(struct prng *prng, struct uuid *uuid) {
    for (size_t i = 0; i < sizeof uuid->bytes; i++) {
        uuid->bytes[i] = (uint8_t)(1 + prng_below(prng, 255));
    }
}

/* Every field is there or not, by chance; numbers up to their highest. */
static struct leg_body draw_body(struct prng *prng) {
    struct leg_body body = {.type = COMMAND_TRANSFER, .reason = OUTCOME_APPLIED};
    int64_t *const numbers[] = {&body.amount, &body.quantity, &body.price, &body.after};
    struct ident *const idents[] = {&body.client, &body.seller};
    draw_uuid(prng, &body.id);
    draw_ident(prng, &body.target);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = prng_below(prng, 3) == 0 ? 0 : INT64_MAX - (int64_t)prng_below(prng, 100);
    }
    for (size_t i = 0; i < sizeof idents / sizeof *idents; i++) {
        if (prng_below(prng, 2) == 0) {
            draw_ident(prng, idents[i]);
        }
    }
    if (prng_below(prng, 2) == 0) {
        draw_uuid(prng, &body.reference);
        body.reason = OUTCOME_OUT_OF_STOCK;
        body.chunk = (int32_t)prng_below(prng, 1000);
        cr_assert(asset_parse("KRW", 3, &body.currency));
    }
    return body;
}

static bool decode(const char *json, struct leg_body *body) {
    return leg_body_decode((struct slice){(const uint8_t *)json, strlen(json)}, body);
}

Test(leg_body, test_what_was_written_comes_back) {
    struct prng prng;
    struct strbuf first = STRBUF_INIT;
    struct strbuf second = STRBUF_INIT;
    prng_seed(&prng, 7);
    for (int i = 0; i < 2000; i++) {
        struct leg_body body = draw_body(&prng);
        struct leg_body again;
        strbuf_reset(&first);
        strbuf_reset(&second);
        leg_body_encode(&body, &first);
        cr_assert(decode(first.text, &again), "%s", first.text);
        leg_body_encode(&again, &second);
        cr_assert_str_eq(first.text, second.text);
    }
    strbuf_close(&first);
    strbuf_close(&second);
}

#define ID "\"id\":\"01020304-0506-7708-890a-0b0c0d0e0f10\""

Test(leg_body, test_order_and_blanks_do_not_matter) {
    struct leg_body body;
    cr_assert(decode(" { \"type\" : \"transfer\" , \"target\":\"bob\", "
                     "\"amount\":5 , " ID ",\"v\":1 } ",
                     &body));
    cr_expect_eq(body.amount, 5);
    cr_expect_str_eq(body.target.text, "bob");
}

Test(leg_body, test_what_this_version_does_not_know_is_refused) {
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"v\":2,\"type\":\"transfer\",\"target\":\"bob\"}",
        "{\"type\":\"transfer\",\"target\":\"bob\"}",
        "{\"v\":1,\"type\":\"transfer\"}",
        "{\"v\":1,\"target\":\"bob\"}",
        "{\"v\":1,\"type\":\"gift\",\"target\":\"bob\"}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"colour\":1}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"target\":\"eve\"}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"amount\":-1}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"amount\":1.0}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"amount\":9223372036854775808}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"amount\":\"5\"}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"chunk\":2147483647}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\",\"reason\":\"boredom\"}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"b b\"}",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"bob\"} x",
        "{\"v\":1,\"type\":\"transfer\",\"target\":\"b\\u006fb\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct leg_body body;
        cr_expect_not(decode(bad[i], &body), "%s", bad[i]);
    }
}
