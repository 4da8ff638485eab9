/* What the supervisor does with a lane, as a story of events. */
#include <criterion/criterion.h>

#include "consumer/runtime/tenancy.h"

struct scene {
    struct tenancy tenancy;
    struct prng prng;
};

static struct scene absent(void) {
    struct scene scene;
    tenancy_init(&scene.tenancy);
    prng_seed(&scene.prng, 1);
    return scene;
}

/* A lane in the hands of writer 1, taken at 1000 ms in epoch 7. */
static struct scene held(void) {
    struct scene scene = absent();
    tenancy_assign(&scene.tenancy, true, 1000);
    tenancy_taken(&scene.tenancy, true, 7);
    tenancy_held(&scene.tenancy, 1, 1000);
    return scene;
}

Test(runtime_tenancy, test_an_assigned_lane_is_taken_at_once) {
    struct scene scene = absent();
    tenancy_assign(&scene.tenancy, true, 1000);
    cr_assert(tenancy_wants_take(&scene.tenancy, 1000));
}

Test(runtime_tenancy, test_a_lane_that_is_not_assigned_is_not_taken) {
    struct scene scene = absent();
    cr_assert(!(tenancy_wants_take(&scene.tenancy, 1000)));
}

Test(runtime_tenancy, test_an_assignment_that_ends_before_the_take_leaves_nothing_to_do) {
    struct scene scene = absent();
    tenancy_assign(&scene.tenancy, true, 1000);
    tenancy_assign(&scene.tenancy, false, 1001);
    cr_assert_eq(scene.tenancy.state, TENANCY_ABSENT);
}

Test(runtime_tenancy, test_a_take_that_failed_is_tried_again_later) {
    struct scene scene = absent();
    tenancy_assign(&scene.tenancy, true, 1000);
    tenancy_take_failed(&scene.tenancy, 1000, &scene.prng);
    cr_assert(!(tenancy_wants_take(&scene.tenancy, 1000)));
    cr_assert(tenancy_wants_take(&scene.tenancy, 11000));
}

Test(runtime_tenancy, test_a_held_lane_that_stays_assigned_is_left_alone) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, true, 2000);
    cr_assert(!(tenancy_wants_recall(&scene.tenancy)));
}

Test(runtime_tenancy, test_a_held_lane_is_recalled_when_the_assignment_drops_it) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, false, 2000);
    cr_assert(tenancy_wants_recall(&scene.tenancy));
}

Test(runtime_tenancy, test_a_lane_is_recalled_once) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, false, 2000);
    tenancy_recalled(&scene.tenancy);
    cr_assert(!(tenancy_wants_recall(&scene.tenancy)));
}

Test(runtime_tenancy, test_a_returned_lane_waits_for_its_outputs_and_is_gone) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, false, 2000);
    tenancy_recalled(&scene.tenancy);
    tenancy_returned(&scene.tenancy, 2100);
    cr_assert_eq(scene.tenancy.state, TENANCY_SETTLING);
    tenancy_settled(&scene.tenancy, 2200);
    cr_assert_eq(scene.tenancy.state, TENANCY_ABSENT);
}

Test(runtime_tenancy, test_a_lane_that_comes_back_while_it_is_given_up_is_taken_anew) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, false, 2000);
    tenancy_recalled(&scene.tenancy);
    tenancy_assign(&scene.tenancy, true, 2050);
    tenancy_returned(&scene.tenancy, 2100);
    tenancy_settled(&scene.tenancy, 2200);
    cr_assert(tenancy_wants_take(&scene.tenancy, 2200));
    cr_assert(!(scene.tenancy.has_epoch), "it may have had another owner since");
}

Test(runtime_tenancy, test_a_lost_lane_is_asked_for_in_its_own_epoch) {
    struct scene scene = held();
    tenancy_lost(&scene.tenancy, 2000, &scene.prng);
    cr_assert(tenancy_wants_take(&scene.tenancy, 3000));
    cr_assert(scene.tenancy.has_epoch);
    cr_assert_eq(scene.tenancy.epoch, 7);
}

Test(runtime_tenancy, test_a_lost_lane_that_is_not_ours_any_more_is_gone) {
    struct scene scene = held();
    tenancy_assign(&scene.tenancy, false, 1500);
    tenancy_lost(&scene.tenancy, 2000, &scene.prng);
    cr_assert_eq(scene.tenancy.state, TENANCY_ABSENT);
    cr_assert(!(scene.tenancy.has_epoch));
}

/* How long after a loss at `at_ms` the next take is due. */
static int64_t wait_after_loss(struct scene *scene, int64_t at_ms) {
    tenancy_lost(&scene->tenancy, at_ms, &scene->prng);
    int64_t wait_ms = scene->tenancy.due_ms - at_ms;
    tenancy_taken(&scene->tenancy, true, 8);
    tenancy_held(&scene->tenancy, 1, at_ms);
    return wait_ms;
}

Test(runtime_tenancy, test_a_lane_that_is_lost_again_and_again_waits_longer) {
    struct scene scene = held();
    int64_t first = wait_after_loss(&scene, 2000);
    for (int i = 0; i < 5; i++) {
        (void)wait_after_loss(&scene, 2000);
    }
    cr_assert_gt(wait_after_loss(&scene, 2000), 2 * first);
}

Test(runtime_tenancy, test_a_lane_that_was_held_for_long_waits_short_again) {
    struct scene scene = held();
    for (int i = 0; i < 6; i++) {
        (void)wait_after_loss(&scene, 2000);
    }
    cr_assert_leq(wait_after_loss(&scene, 60000), 50);
}

Test(runtime_tenancy, test_a_fenced_lane_is_taken_again_after_one_to_two_seconds) {
    struct scene scene = held();
    cr_assert(tenancy_fenced(&scene.tenancy, 5000, &scene.prng));
    cr_assert(!(tenancy_wants_take(&scene.tenancy, 5999)));
    cr_assert(tenancy_wants_take(&scene.tenancy, 7000));
    cr_assert(!(scene.tenancy.has_epoch));
}

/* Loses the lane to another owner `times` times, every `step_ms`. */
static bool fence_often(struct scene *scene, int times, int64_t step_ms) {
    bool goes_on = true;
    for (int i = 0; i < times; i++) {
        goes_on = tenancy_fenced(&scene->tenancy, 5000 + i * step_ms, &scene->prng);
        if (goes_on) {
            tenancy_taken(&scene->tenancy, true, 10 + i);
            tenancy_held(&scene->tenancy, 0, 5000 + i * step_ms);
        }
    }
    return goes_on;
}

Test(runtime_tenancy, test_four_losses_in_a_minute_are_borne) {
    struct scene scene = held();
    cr_assert(fence_often(&scene, 4, 3000));
}

Test(runtime_tenancy, test_five_losses_in_a_minute_stop_the_lane) {
    struct scene scene = held();
    cr_assert(!(fence_often(&scene, 5, 3000)));
    cr_assert_eq(scene.tenancy.state, TENANCY_STOPPED);
}

Test(runtime_tenancy, test_losses_that_are_far_apart_do_not_stop_the_lane) {
    struct scene scene = held();
    cr_assert(fence_often(&scene, 20, 16000));
}

Test(runtime_tenancy, test_a_lane_that_another_assignment_took_away_is_not_contended) {
    struct scene scene = held();
    (void)fence_often(&scene, 4, 1000);
    tenancy_assign(&scene.tenancy, false, 10000);
    cr_assert(tenancy_fenced(&scene.tenancy, 10001, &scene.prng));
    cr_assert_eq(scene.tenancy.state, TENANCY_ABSENT);
}

Test(runtime_tenancy, test_a_stopped_lane_is_not_taken_again) {
    struct scene scene = held();
    tenancy_stopped(&scene.tenancy);
    tenancy_assign(&scene.tenancy, true, 90000);
    cr_assert(!(tenancy_wants_take(&scene.tenancy, 90000)));
}

Test(runtime_tenancy, test_a_stopped_lane_is_judged_anew_by_a_new_assignment) {
    struct scene scene = held();
    tenancy_stopped(&scene.tenancy);
    tenancy_assign(&scene.tenancy, false, 90000);
    tenancy_assign(&scene.tenancy, true, 90001);
    cr_assert(tenancy_wants_take(&scene.tenancy, 90001));
}
