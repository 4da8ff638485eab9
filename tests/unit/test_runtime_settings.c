/* Options of `tellerd run` beyond what the table checks, and the fault points of tests. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "consumer/runtime/failpoint.h"
#include "consumer/runtime/worker_settings.h"

#define PARTITIONS 8

Test(runtime_settings, test_a_list_of_lanes_names_ranges_and_single_ones) {
    bool wanted[PARTITIONS];
    struct err err = ERR_INIT;
    cr_assert(worker_settings_lanes("0-2,5,7", PARTITIONS, wanted, &err));
    const bool expected[PARTITIONS] = {true, true, true, false, false, true, false, true};
    cr_assert_arr_eq(wanted, expected, sizeof expected);
}

static void refuse_lanes(const char *text) {
    bool wanted[PARTITIONS];
    struct err err = ERR_INIT;
    cr_assert_not(worker_settings_lanes(text, PARTITIONS, wanted, &err), "%s", text);
    cr_assert_eq(err.kind, ERR_USAGE);
}

Test(runtime_settings, test_a_lane_beyond_the_partitions_is_refused) {
    refuse_lanes("8");
}

Test(runtime_settings, test_a_range_that_runs_backwards_is_refused) {
    refuse_lanes("3-1");
}

Test(runtime_settings, test_a_list_with_anything_else_in_it_is_refused) {
    const char *texts[] = {"", "a", "1,", ",1", "1-", "-1", "1 2", "1;2", "+1", "0-99999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        refuse_lanes(texts[i]);
    }
}

static void check_limits(uint16_t partitions, uint32_t batch) {
    struct lane_limits limits = worker_settings_limits(partitions, batch);
    cr_assert_geq(limits.records, 1);
    cr_assert_leq(limits.records, batch);
    cr_assert_geq(limits.accounts, 3 * limits.records + 64);
    cr_assert_geq(limits.holds, 18 * 64 + WANTS_DUE_MAX + limits.records);
    cr_assert_geq(limits.sales, WANTS_CHUNK_MAX + limits.records + WANTS_PER_RECORD);
    cr_assert_geq(limits.keys, 2 * limits.records);
}

Test(runtime_settings, test_every_number_of_lanes_gets_sizes_that_a_lane_accepts) {
    const uint16_t partitions[] = {1, 2, 8, 64, 256, 1024};
    for (size_t i = 0; i < sizeof partitions / sizeof *partitions; i++) {
        check_limits(partitions[i], 1);
        check_limits(partitions[i], 5000);
        check_limits(partitions[i], 50000);
    }
}

static bool parse_run(struct worker_settings *settings, struct err *err, const char *option,
                      const char *value) {
    char text[2][64];
    snprintf(text[0], sizeof text[0], "%s", option);
    snprintf(text[1], sizeof text[1], "%s", value);
    char name[] = "run";
    char brokers[] = "--brokers=127.0.0.1:1";
    char *argv[] = {name, brokers, text[0], text[1], NULL};
    return worker_settings_parse(4, argv, settings, err);
}

Test(runtime_settings, test_the_group_is_named_like_the_topics_unless_it_is_given) {
    struct worker_settings settings;
    struct err err = ERR_INIT;
    cr_assert(parse_run(&settings, &err, "--prefix", "shop"), "%s", err.text);
    cr_assert_str_eq(settings.group, "shop");
}

Test(runtime_settings, test_an_unknown_log_level_is_a_usage_error) {
    struct worker_settings settings;
    struct err err = ERR_INIT;
    cr_assert_not(parse_run(&settings, &err, "--log-level", "loud"));
    cr_assert_eq(err.kind, ERR_USAGE);
}

Test(runtime_failpoint, test_nothing_is_hit_without_the_variable) {
    struct failpoint failpoint;
    struct err err = ERR_INIT;
    cr_assert(failpoint_init(&failpoint, NULL, &err));
    failpoint_pass(&failpoint, "before_begin");
    cr_assert_eq(failpoint.action, FAILPOINT_NONE);
}

Test(runtime_failpoint, test_another_action_is_a_usage_error) {
    struct failpoint failpoint;
    struct err err = ERR_INIT;
    cr_assert_not(failpoint_init(&failpoint, "explode-mid_copy", &err));
    cr_assert_eq(err.kind, ERR_USAGE);
}

Test(runtime_failpoint, test_another_point_does_not_count_down) {
    struct failpoint failpoint;
    struct err err = ERR_INIT;
    cr_assert(failpoint_init(&failpoint, "kill-mid_copy:2", &err));
    failpoint_pass(&failpoint, "mid_pipeline");
    cr_assert_eq(atomic_load(&failpoint.countdown), 2);
}

Test(runtime_failpoint, test_the_point_is_hit_at_its_count, .signal = SIGKILL) {
    struct failpoint failpoint;
    struct err err = ERR_INIT;
    cr_assert(failpoint_init(&failpoint, "kill-mid_copy:2", &err));
    failpoint_pass(&failpoint, "mid_copy");
    failpoint_pass(&failpoint, "mid_copy");
}
