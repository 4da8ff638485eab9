#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "producer/cli.h"
#include "producer/settings.h"

#define WORDS_MAX 12
#define GROUPS (SETTINGS_KAFKA | SETTINGS_SEND | SETTINGS_ONE | SETTINGS_COMMON)

static bool parse(const char *const *words, struct settings *settings, int *operands,
                  struct err *err) {
    static char copies[WORDS_MAX][128];
    static char *argv[WORDS_MAX + 1];
    int argc = 0;
    for (; words[argc] != NULL; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    *err = (struct err)ERR_INIT;
    return settings_parse(GROUPS, argc, argv, settings, NULL, operands, err);
}

Test(producer_settings, test_options_may_stand_behind_operands) {
    struct settings settings;
    struct err err;
    int operands;
    const char *const words[] = {"deposit", "alice", "5", "--wait", "-b", "x:1", NULL};
    cr_assert(parse(words, &settings, &operands, &err), "%s", err.text);
    cr_assert(settings.wait);
    cr_assert_str_eq(settings.brokers, "x:1");
    cr_assert_eq(operands, 4);
}

Test(producer_settings, test_flag_counts_for_more_than_the_environment) {
    struct settings settings;
    struct err err;
    int operands;
    setenv("TELLER_PREFIX", "environment", 1);
    cr_assert(parse((const char *const[]){"deposit", "--prefix", "flag", NULL}, &settings,
                    &operands, &err));
    cr_assert_str_eq(settings.prefix, "flag");
    cr_assert(parse((const char *const[]){"deposit", NULL}, &settings, &operands, &err));
    cr_assert_str_eq(settings.prefix, "environment");
}

Test(producer_settings, test_negative_amount_is_bad_data_and_no_unknown_option) {
    struct settings settings;
    struct err err;
    int operands;
    cr_assert_not(
        parse((const char *const[]){"deposit", "alice", "-5", NULL}, &settings, &operands, &err));
    cr_assert_eq(err.kind, ERR_DATA);
    cr_assert_not_null(strstr(err.text, "amount"));
}

Test(producer_settings, test_negative_argument_of_an_option_is_left_to_the_option) {
    struct settings settings;
    struct err err;
    int operands;
    const char *const words[] = {"deposit", "--expected-version", "-5", NULL};
    cr_assert(parse(words, &settings, &operands, &err), "%s", err.text);
    cr_assert_str_eq(settings.expected_version, "-5");
}

Test(producer_settings, test_unknown_option_is_usage_and_names_a_near_one) {
    struct settings settings;
    struct err err;
    int operands;
    cr_assert_not(
        parse((const char *const[]){"deposit", "--wiat", NULL}, &settings, &operands, &err));
    cr_assert_eq(err.kind, ERR_USAGE);
    cr_assert_not_null(strstr(err.text, "--wait"));
}

static bool name_topics(const char *topic, const char *prefix, struct topic_names *names) {
    struct settings settings = {.topic = topic, .prefix = prefix};
    struct err err = ERR_INIT;
    return settings_topics(&settings, names, &err);
}

Test(producer_settings, test_topics_come_from_the_prefix) {
    struct topic_names names;
    cr_assert(name_topics(NULL, "shop", &names));
    cr_assert_str_eq(names.commands, "shop.commands");
    cr_assert_str_eq(names.results, "shop.results");
}

Test(producer_settings, test_named_commands_topic_brings_its_results_topic) {
    struct topic_names names;
    cr_assert(name_topics("bank.commands", "shop", &names));
    cr_assert_str_eq(names.results, "bank.results");
}

Test(producer_settings, test_topic_that_is_no_commands_topic_is_refused) {
    struct topic_names names;
    cr_assert_not(name_topics("bank", "shop", &names));
    cr_assert_not(name_topics(".commands", "shop", &names));
}

Test(producer_settings, test_no_broker_at_all_is_usage) {
    struct settings settings = {.brokers = NULL};
    struct kafka_settings kafka;
    struct err err = ERR_INIT;
    cr_assert_not(settings_kafka(&settings, &kafka, &err));
    cr_assert_eq(err.kind, ERR_USAGE);
}

Test(producer_settings, test_shown_settings_hide_secrets) {
    char text[8192] = "";
    enum option_origin origins[SETTINGS_MAX] = {ORIGIN_DEFAULT};
    struct settings settings = {.db = "host=x password=hush",
                                .properties = {{"sasl.password=hush"}, 1}};
    FILE *out = tmpfile();
    settings_show(&settings, origins, true, out);
    rewind(out);
    cr_assert_gt(fread(text, 1, sizeof text - 1, out), 0);
    fclose(out);
    cr_assert_not_null(strstr(text, "sasl.password=***"));
    cr_assert_null(strstr(text, "hush"));
}

static void expect_retry(const char *verb, const char **words, int count, const char *id,
                         const char *expected) {
    struct cli cli = {.argc = count, .argv = words, .verb = cli_find_verb(verb)};
    struct strbuf line = STRBUF_INIT;
    struct uuid uuid;
    if (id != NULL) {
        cr_assert(uuid_parse(id, strlen(id), &uuid));
    }
    cli_retry_line(&cli, id != NULL ? &uuid : NULL, &line);
    cr_assert_str_eq(line.text, expected);
    strbuf_close(&line);
}

Test(producer_settings, test_retry_line_has_the_id_and_is_quoted_for_a_shell) {
    const char *words[] = {"/usr/bin/teller", "deposit", "alice", "5", "--memo", "it's $5"};
    expect_retry("deposit", words, 6, "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c",
                 "teller deposit --id 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c alice 5 --memo "
                 "'it'\\''s $5'");
}

Test(producer_settings, test_retry_line_keeps_a_verb_of_two_words_together) {
    const char *words[] = {"teller", "product", "price", "sku-1", "5"};
    expect_retry("product price", words, 5, "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c",
                 "teller product price --id 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c sku-1 5");
}

Test(producer_settings, test_retry_line_does_not_repeat_a_secret) {
    const char *words[] = {"teller", "close", "-X", "sasl.password=hush", "alice"};
    expect_retry("close", words, 5, NULL, "teller close -X '(secret property)' alice");
}

static void expect_retry_with_db(const char *option, const char *db, const char *expected) {
    const char *words[] = {"teller", "close", option, db, "alice"};
    struct cli cli = {
        .argc = 5, .argv = words, .verb = cli_find_verb("close"), .settings = {.db = db}};
    struct strbuf line = STRBUF_INIT;
    cli_retry_line(&cli, NULL, &line);
    cr_assert_str_eq(line.text, expected);
    strbuf_close(&line);
}

Test(producer_settings, test_retry_line_does_not_repeat_the_password_of_a_database) {
    const char *hidden = "teller close --db '(secret conninfo)' alice";
    expect_retry_with_db("--db", "host=db password=hush", hidden);
    expect_retry_with_db("--db", "postgresql://teller:hush@db:5432/teller", hidden);
    expect_retry_with_db("-d", "postgresql://teller@db:5432/teller",
                         "teller close -d postgresql://teller@db:5432/teller alice");
    expect_retry_with_db("--db", "service=teller", "teller close --db service=teller alice");
}

Test(producer_settings, test_idempotency_key_gives_one_id_per_line_for_ever) {
    struct settings settings = {.idempotency_key = "order-7"};
    struct uuid first, again, other;
    struct err err = ERR_INIT;
    bool repeatable = false;
    cr_assert(cli_choose_id(&settings, 1, &first, &repeatable, &err));
    cr_assert(cli_choose_id(&settings, 1, &again, &repeatable, &err));
    cr_assert(cli_choose_id(&settings, 2, &other, &repeatable, &err));
    cr_assert(repeatable);
    cr_assert(uuid_equal(&first, &again));
    cr_assert_not(uuid_equal(&first, &other));
}

Test(producer_settings, test_id_that_is_no_uuid_is_bad_data) {
    struct settings settings = {.id = "7"};
    struct uuid id;
    struct err err = ERR_INIT;
    bool repeatable;
    cr_assert_not(cli_choose_id(&settings, 0, &id, &repeatable, &err));
    cr_assert_eq(err.kind, ERR_DATA);
}
