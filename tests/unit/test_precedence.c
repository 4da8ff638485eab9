/* Outcomes in their order: where two rules refuse, the one that stands first in common/outcome.h
 * answers, in one lane and between lanes. The rows are in precedence_*.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/outcome.h"
#include "common/partition.h"
#include "tests/fakes/world.h"
#include "tests/unit/precedence.h"

#define LANES 4

/* The story of the last result line, from its outcome on. */
static const char *last_answer(const struct strbuf *story) {
    const char *last = NULL;
    for (const char *at = strstr(story->text, "result @"); at != NULL;
         at = strstr(at + 1, "result @")) {
        last = at;
    }
    cr_assert_not_null(last);
    last = strchr(last, ' ') + 1;
    last = strchr(last, ' ') + 1;
    return strchr(last, ' ') + 1;
}

/* One line of a row as the world's script has it. */
static void write_line(const char *command, int number, char *line, size_t size) {
    char entity[32] = "alice";
    char type[32];
    int id = number;
    int used = 0;
    if (sscanf(command, "$%d %n", &id, &used) == 1) {
        command += used;
    }
    used = 0;
    if (sscanf(command, "%31[a-z]: %n", entity, &used) == 1 && used > 0) {
        command += used;
    } else {
        snprintf(entity, sizeof entity, "alice");
    }
    used = 0;
    cr_assert(sscanf(command, "%31s %n", type, &used) == 1);
    const char *fields = command + used;
    const char *noun = strncmp(type, "product.", 8) == 0 ? "product" : "account";
    snprintf(line, size, "at %d %s {'v':1,'id':'$%d','%s':'%s','type':'%s'%s%s}", number * 1000,
             entity, id, noun, entity, type, *fields == '\0' ? "" : ",", fields);
    for (char *c = strchr(line, '\''); c != NULL; c = strchr(c, '\'')) {
        *c = '"';
    }
}

static void take_lanes(struct world *world, int lanes, struct strbuf *story) {
    char line[32];
    snprintf(line, sizeof line, "lanes %d", lanes);
    world_do(world, line, story);
    for (int i = 0; i < lanes; i++) {
        snprintf(line, sizeof line, "take %d", i);
        world_do(world, line, story);
    }
}

/* In one lane, all lines are one batch or nearly so; between lanes, each ends before the next. */
static void play(const struct precedence_row *row, int lanes) {
    struct world *world = world_new();
    struct strbuf story = STRBUF_INIT;
    take_lanes(world, lanes, &story);
    for (int i = 0; i < PRECEDENCE_LINES_MAX && row->commands[i] != NULL; i++) {
        char line[1024];
        write_line(row->commands[i], i + 1, line, sizeof line);
        world_do(world, line, &story);
        if (lanes > 1) {
            world_do(world, "settle", &story);
        }
    }
    world_do(world, "settle", &story);
    const char *answer = last_answer(&story);
    size_t len = strlen(row->answer);
    cr_expect(strncmp(answer, row->answer, len) == 0 && strchr(" \n", answer[len]) != NULL,
              "%s, lanes %d: %.60s", row->name, lanes, answer);
    strbuf_close(&story);
    world_free(world);
}

static void play_all(const struct precedence_rows *rows, int lanes) {
    for (size_t i = 0; i < rows->count; i++) {
        play(&rows->items[i], lanes);
    }
}

Test(precedence, test_the_first_rule_that_refuses_answers_on_accounts) {
    play_all(&precedence_accounts, 1);
    play_all(&precedence_accounts, LANES);
}

Test(precedence, test_the_first_rule_that_refuses_answers_between_accounts) {
    play_all(&precedence_transfers, 1);
    play_all(&precedence_transfers, LANES);
    play_all(&precedence_namesakes, LANES);
}

Test(precedence, test_the_first_rule_that_refuses_answers_on_sales) {
    play_all(&precedence_sales, 1);
    play_all(&precedence_sales, LANES);
}

Test(precedence, test_the_entities_of_the_rows_lie_in_different_lanes) {
    static const char *const names[LANES] = {"alice", "bob", "shoes", "ipo"};
    unsigned seen = 0;
    for (int i = 0; i < LANES; i++) {
        seen |= 1u << partition_of(names[i], strlen(names[i]), LANES);
    }
    cr_expect_eq(seen, (1u << LANES) - 1);
}

static bool is_answered(const struct precedence_rows *rows, const char *word) {
    for (size_t i = 0; i < rows->count; i++) {
        const char *answer = rows->items[i].answer;
        if (strncmp(answer, word, strlen(word)) == 0 && strchr(" ", answer[strlen(word)]) != NULL) {
            return true;
        }
    }
    return false;
}

/* id_expired is reserved, and not_finalizable is for modes to come; what is quarantined has its
 * rows in the tests of the codec and in tests/trace/poison.golden. */
static bool may_be_answered(enum outcome outcome) {
    return outcome_state(outcome) == STATE_REJECTED && outcome != OUTCOME_ID_EXPIRED &&
           outcome != OUTCOME_NOT_FINALIZABLE;
}

Test(precedence, test_every_reason_to_reject_has_a_row) {
#define OUTCOME_ROW(symbol, number, word, state) OUTCOME_##symbol,
    static const enum outcome outcomes[] = {OUTCOMES(OUTCOME_ROW)};
#undef OUTCOME_ROW
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        const char *word = outcome_word(outcomes[i]);
        bool answered = is_answered(&precedence_accounts, word) ||
                        is_answered(&precedence_transfers, word) ||
                        is_answered(&precedence_sales, word);
        if (outcome_state(outcomes[i]) == STATE_REJECTED) {
            cr_expect_eq(answered, may_be_answered(outcomes[i]), "%s", word);
        }
    }
}
