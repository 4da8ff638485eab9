#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "consumer/adapters/topics.h"
#include "tests/harness/topics.h"
#include "tests/integration/test_kafka_support.h"

enum { PARTITIONS = 3 };

static struct kafka_fixture fixture;

static void open_fixture(void) {
    kafka_fixture_open(&fixture, NULL, PARTITIONS);
}

static void close_fixture(void) {
    kafka_fixture_close(&fixture);
}

TestSuite(kafka_topics, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static bool check(const struct topics_expected *expected, struct kafka_topic *topic,
                  struct err *err) {
    return topics_check(&fixture.settings, &fixture.names, expected, KAFKA_TIMEOUT_MS, topic, err);
}

Test(kafka_topics, test_created_topics_are_as_a_ledger_needs_them) {
    struct topics_expected expected = {.partitions = PARTITIONS};
    struct kafka_topic topic;
    struct err err = ERR_INIT;
    cr_assert(check(&expected, &topic, &err), "%s", err.text);
    cr_expect_eq(topic.partitions, PARTITIONS);
    cr_expect_eq(topic.replication, 1);
    cr_expect(topic.has_config);
    cr_expect(topic.log_append_time);
    cr_expect_not(topic.compact);
    cr_expect_eq(topic.retention_ms, -1);
    cr_expect_neq(topic.cluster_id[0], '\0');
}

Test(kafka_topics, test_creating_again_changes_nothing) {
    struct err err = ERR_INIT;
    cr_expect(
        topics_create(&fixture.settings, &fixture.names, PARTITIONS, 1, KAFKA_TIMEOUT_MS, &err),
        "%s", err.text);
}

Test(kafka_topics, test_creating_with_another_number_of_partitions_is_refused) {
    struct err err = ERR_INIT;
    cr_expect_not(topics_create(&fixture.settings, &fixture.names, PARTITIONS + 1, 1,
                                KAFKA_TIMEOUT_MS, &err));
    cr_expect_eq(err.kind, ERR_OPERATOR, "%s", err.text);
}

Test(kafka_topics, test_another_number_of_partitions_is_refused) {
    struct topics_expected expected = {.partitions = PARTITIONS + 1};
    struct err err = ERR_INIT;
    cr_expect_not(check(&expected, NULL, &err));
    cr_expect_eq(err.kind, ERR_OPERATOR, "%s", err.text);
}

Test(kafka_topics, test_another_cluster_is_refused) {
    struct topics_expected expected = {.cluster_id = "another", .partitions = PARTITIONS};
    struct err err = ERR_INIT;
    cr_expect_not(check(&expected, NULL, &err));
    cr_expect_eq(err.kind, ERR_OPERATOR, "%s", err.text);
    cr_expect_not_null(strstr(err.text, "another"), "%s", err.text);
}

/* A whole batch would be refused, and good results with it. */
Test(kafka_topics, test_a_topic_that_takes_less_than_a_batch_is_refused) {
    struct topics_expected expected = {.partitions = PARTITIONS};
    struct err err = ERR_INIT;
    topic_limit(fixture.settings.brokers, fixture.names.results, "1048575");
    cr_expect_not(check(&expected, NULL, &err));
    cr_expect_eq(err.kind, ERR_OPERATOR, "%s", err.text);
    cr_expect_not_null(strstr(err.text, "max.message.bytes"), "%s", err.text);
    topic_limit(fixture.settings.brokers, fixture.names.results, "1048576");
    cr_expect(check(&expected, NULL, &err));
}

Test(kafka_topics, test_a_missing_topic_is_refused) {
    struct topics_expected expected = {.partitions = PARTITIONS};
    struct err err = ERR_INIT;
    snprintf(fixture.names.results, sizeof fixture.names.results, "%s.nothing", fixture.prefix);
    cr_expect_not(check(&expected, NULL, &err));
    cr_expect_eq(err.kind, ERR_OPERATOR, "%s", err.text);
    cr_expect_not_null(strstr(err.text, "tellerd init"), "%s", err.text);
}

Test(kafka_topics, test_more_replicas_than_brokers_is_refused) {
    struct kafka_fixture other = fixture;
    struct err err = ERR_INIT;
    char prefix[80];
    snprintf(prefix, sizeof prefix, "%s-more", fixture.prefix);
    cr_assert(topic_names_init(&other.names, prefix, &err));
    cr_expect_not(
        topics_create(&other.settings, &other.names, PARTITIONS, 3, KAFKA_TIMEOUT_MS, &err));
    cr_expect_eq(err.kind, ERR_USAGE, "%s", err.text);
}

Test(kafka_topics, test_a_broker_that_does_not_answer_is_unreachable) {
    fixture.settings.brokers = "127.0.0.1:1";
    struct topics_expected expected = {.partitions = PARTITIONS};
    struct err err = ERR_INIT;
    cr_expect_not(topics_check(&fixture.settings, &fixture.names, &expected, 500, NULL, &err));
    cr_expect_eq(err.kind, ERR_UNREACHABLE, "%s", err.text);
    fixture.settings.brokers = getenv("TELLER_BROKERS");
}
