/* The scripted world itself: a log that is longer than a batch, and starting over. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/fakes/world.h"

#define DEPOSITS 150 /* a batch of the world takes 64 records */

static int count(const struct strbuf *story, const char *word) {
    int found = 0;
    for (const char *at = strstr(story->text, word); at != NULL; at = strstr(at + 1, word)) {
        found++;
    }
    return found;
}

static void say(struct world *world, int number, const char *rest) {
    char line[256];
    snprintf(line, sizeof line, "at 1000 alice {\"v\":1,\"id\":\"$%d\",\"account\":\"alice\",%s}",
             number, rest);
    struct strbuf story = STRBUF_INIT;
    world_do(world, line, &story);
    strbuf_close(&story);
}

static void open_and_fund(struct world *world) {
    say(world, 1, "\"type\":\"account.open\",\"currency\":\"EUR\"");
    for (int i = 0; i < DEPOSITS; i++) {
        say(world, 2 + i, "\"type\":\"deposit\",\"amount\":1");
    }
}

Test(fakes_world, test_what_does_not_fit_a_batch_goes_into_the_next) {
    struct world *world = world_new();
    struct strbuf story = STRBUF_INIT;
    open_and_fund(world);
    world_do(world, "take", &story);
    world_do(world, "settle", &story);
    cr_expect_eq(count(&story, "\nresult @"), DEPOSITS + 1);
    cr_expect_not_null(strstr(story.text, "balance 150 held 0 version 151"));
    strbuf_close(&story);
    world_free(world);
}

Test(fakes_world, test_answers_that_do_not_fit_a_batch_are_all_sent_again) {
    struct world *world = world_new();
    struct strbuf story = STRBUF_INIT;
    open_and_fund(world);
    world_do(world, "take", &story);
    world_do(world, "settle", &story);
    world_do(world, "take", &story);
    say(world, 900, "\"type\":\"withdraw\",\"amount\":1");
    world_do(world, "settle", &story);
    cr_expect_eq(count(&story, "\nresult @"), 2 * (DEPOSITS + 1) + 1);
    strbuf_close(&story);
    world_free(world);
}

Test(fakes_world, test_lanes_starts_over_with_empty_logs) {
    struct world *world = world_new();
    struct strbuf story = STRBUF_INIT;
    open_and_fund(world);
    world_do(world, "take", &story);
    world_do(world, "settle", &story);
    strbuf_close(&story);
    world_do(world, "lanes 1", &story);
    world_do(world, "take", &story);
    world_do(world, "settle", &story);
    cr_expect_str_eq(story.text, "epoch 1, reads from @0\n");
    strbuf_close(&story);
    world_free(world);
}
