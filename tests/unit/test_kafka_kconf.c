#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "common/kafka/topic_names.h"

TestSuite(kconf);

static const char *value_of(rd_kafka_conf_t *conf, const char *name, char value[512]) {
    size_t size = 512;
    cr_assert_eq(rd_kafka_conf_get(conf, name, value, &size), RD_KAFKA_CONF_OK);
    return value;
}

/* Whether a client could be made of these brokers and this one property (NULL: none). */
static bool accepts(const char *brokers, const char *property, bool insecure, struct err *err) {
    struct kafka_settings settings = {.brokers = brokers,
                                      .properties = &property,
                                      .properties_count = property == NULL ? 0 : 1,
                                      .insecure = insecure};
    struct kconf_watch watch;
    rd_kafka_conf_t *conf = kconf_new(&settings, KCONF_CONSUMER, NULL, &watch, err);
    if (conf != NULL) {
        rd_kafka_conf_destroy(conf);
    }
    return conf != NULL;
}

Test(kconf, test_plaintext_beyond_the_loopback_interface_is_refused) {
    static const char *const remote[] = {"db.example:9092",        "10.0.0.1:9092",
                                         "127.0.0.1:1,kafka:9092", "127.0.0.1.example:9092",
                                         "PLAINTEXT://kafka:9092", "localhost:1, 192.168.1.1"};
    for (size_t i = 0; i < sizeof remote / sizeof *remote; i++) {
        struct err err = ERR_INIT;
        cr_expect_not(accepts(remote[i], NULL, false, &err), "%s", remote[i]);
        cr_expect_eq(err.kind, ERR_USAGE);
    }
}

Test(kconf, test_plaintext_to_this_machine_is_accepted) {
    static const char *const local[] = {"localhost:9092", "127.0.0.1", "127.9.9.9:1,LOCALHOST:2",
                                        "[::1]:9092", "PLAINTEXT://127.0.0.1:9092"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        struct err err = ERR_INIT;
        cr_expect(accepts(local[i], NULL, false, &err), "%s: %s", local[i], err.text);
    }
}

Test(kconf, test_insecure_allows_plaintext_anywhere) {
    struct err err = ERR_INIT;
    cr_expect(accepts("kafka:9092", NULL, true, &err), "%s", err.text);
}

Test(kconf, test_tls_is_accepted_anywhere) {
    struct err err = ERR_INIT;
    cr_expect(accepts("kafka:9092", "security.protocol=ssl", false, &err), "%s", err.text);
}

Test(kconf, test_sasl_without_tls_is_refused) {
    struct err err = ERR_INIT;
    cr_expect_not(accepts("kafka:9092", "security.protocol=sasl_plaintext", false, &err));
}

Test(kconf, test_a_property_that_promises_rest_on_cannot_be_changed) {
    static const char *const bad[] = {"enable.auto.commit=true",
                                      "auto.offset.reset=latest",
                                      "check.crcs=false",
                                      "isolation.level=read_uncommitted",
                                      "allow.auto.create.topics=true",
                                      "enable.partition.eof=true"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = ERR_INIT;
        cr_expect_not(accepts("localhost", bad[i], false, &err), "%s", bad[i]);
        cr_expect(strncmp(strstr(err.text, "property ") + 9, bad[i], strcspn(bad[i], "=")) == 0,
                  "%s", err.text);
        cr_expect_not_null(strstr(err.text, "is set by Teller itself"), "%s", err.text);
    }
}

Test(kconf, test_an_unknown_property_is_named) {
    struct err err = ERR_INIT;
    cr_expect_not(accepts("localhost", "no.such=1", false, &err));
    cr_expect_not_null(strstr(err.text, "no.such"), "%s", err.text);
}

Test(kconf, test_no_broker_is_an_error) {
    struct err err = ERR_INIT;
    cr_expect_not(accepts(NULL, NULL, false, &err));
}

Test(kconf, test_producers_are_idempotent_and_partition_like_java_clients) {
    struct kafka_settings settings = {.brokers = "localhost"};
    struct kconf_watch watch;
    struct err err = ERR_INIT;
    rd_kafka_conf_t *conf = kconf_new(&settings, KCONF_PRODUCER, NULL, &watch, &err);
    cr_assert_not_null(conf, "%s", err.text);
    char value[512];
    cr_expect_str_eq(value_of(conf, "enable.idempotence", value), "true");
    cr_expect_str_eq(value_of(conf, "acks", value), "-1");
    cr_expect_str_eq(value_of(conf, "partitioner", value), "murmur2_random");
    rd_kafka_conf_destroy(conf);
}

static void write_file(char *path, const char *text) {
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

Test(kconf, test_properties_of_the_command_line_win_over_the_file) {
    char path[] = "/tmp/kconf-XXXXXX";
    write_file(path, "# comment\n\nclient.id = from-file\nsocket.timeout.ms=1234\n");
    const char *property = "client.id=from-flag";
    struct kafka_settings settings = {
        .brokers = "localhost", .file = path, .properties = &property, .properties_count = 1};
    struct kconf_watch watch;
    struct err err = ERR_INIT;
    rd_kafka_conf_t *conf = kconf_new(&settings, KCONF_ADMIN, NULL, &watch, &err);
    unlink(path);
    cr_assert_not_null(conf, "%s", err.text);
    char value[512];
    cr_expect_str_eq(value_of(conf, "client.id", value), "from-flag");
    cr_expect_str_eq(value_of(conf, "socket.timeout.ms", value), "1234");
    rd_kafka_conf_destroy(conf);
}

Test(kconf, test_a_bad_line_of_the_file_is_named_by_number) {
    char path[] = "/tmp/kconf-XXXXXX";
    write_file(path, "client.id=a\nnonsense\n");
    struct kafka_settings settings = {.brokers = "localhost", .file = path};
    struct kconf_watch watch;
    struct err err = ERR_INIT;
    cr_expect_null(kconf_new(&settings, KCONF_ADMIN, NULL, &watch, &err));
    unlink(path);
    cr_expect_not_null(strstr(err.text, "line 2"), "%s", err.text);
}

Test(kconf, test_errors_say_what_to_do_next) {
    static const struct {
        rd_kafka_resp_err_t code;
        enum err_kind kind;
    } rows[] = {
        {RD_KAFKA_RESP_ERR__TRANSPORT, ERR_UNREACHABLE},
        {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, ERR_UNREACHABLE},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, ERR_DENIED},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION, ERR_DENIED},
        {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, ERR_DATA},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, ERR_OPERATOR},
        {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, ERR_OPERATOR},
        {RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, ERR_USAGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(kafka_error_kind(rows[i].code), rows[i].kind, "%s",
                     rd_kafka_err2name(rows[i].code));
    }
}

Test(kconf, test_topic_names_have_the_prefix) {
    struct topic_names names;
    struct err err = ERR_INIT;
    cr_assert(topic_names_init(&names, "shop-7", &err));
    cr_expect_str_eq(names.commands, "shop-7.commands");
    cr_expect_str_eq(names.results, "shop-7.results");
    cr_expect_str_eq(names.dead_letters, "shop-7.dead-letters");
    cr_expect_not(topic_names_init(&names, "a b", &err));
    cr_expect_not(topic_names_init(&names, "", &err));
}
