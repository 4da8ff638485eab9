#include "tests/race/score.h"

#include <stdlib.h>

#include "tests/harness/latencies.h"

static void book(struct score *score, const struct op *op) {
    for (int i = 0; i < op->moves_count; i++) {
        score->booked[op->moves[i].row] += op->moves[i].delta;
    }
}

static void count_answer(struct score *score, const struct protocol_record *record) {
    struct bout_answers *answers = &score->result->answers;
    switch ((enum protocol_answer)record->answer) {
    case ANSWER_DONE: answers->done++; break;
    case ANSWER_REFUSED: answers->refused++; break;
    case ANSWER_ERROR: answers->errors++; break;
    }
    answers->retries += record->retries;
}

static void add_report(struct score *score, const struct bout_plan *plan,
                       const struct script *script, const struct protocol_record *records,
                       int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        count_answer(score, &records[i]);
        if (records[i].answer == ANSWER_DONE) {
            book(score, &script->ops[i % script->count]);
            score->winners[plan->scale.per_round == 0 ? 0 : i / plan->scale.per_round]++;
        }
    }
}

static void set_percentiles(struct bout_result *result, const struct pack *pack) {
    struct latencies latencies = {.count = 0};
    latencies_add_pack(&latencies, pack);
    latencies_sort(&latencies);
    result->p50_us = latencies_percentile(&latencies, 50);
    result->p99_us = latencies_percentile(&latencies, 99);
    latencies_close(&latencies);
}

void score_reports(struct score *score, const struct pack *pack, const struct bout_plan *plan,
                   const struct script *scripts, const struct ground_rows *rows) {
    struct bout_result *result = score->result;
    int64_t began_us = INT64_MAX;
    int64_t ended_us = 0;
    for (int i = 0; i < rows->count; i++) {
        score->booked[i] = rows->rows[i].start;
    }
    for (int client = 0; client < pack->count; client++) {
        struct protocol_head head = pack_head(pack, client);
        began_us = head.began_us < began_us ? head.began_us : began_us;
        ended_us = head.ended_us > ended_us ? head.ended_us : ended_us;
        add_report(score, plan, &scripts[client], pack_records(pack, client), head.count);
    }
    result->seconds = (double)(ended_us - began_us) / 1e6;
    result->rate = (double)(result->answers.done + result->answers.refused) / result->seconds;
    set_percentiles(result, pack);
}

static void judge_account(struct bout_damage *damage, int64_t booked, int64_t final) {
    if (final < booked) {
        damage->lost += booked - final;
    } else {
        damage->created += final - booked;
    }
}

static void judge_units(struct bout_damage *damage, int64_t booked, int64_t final) {
    if (booked < 0) {
        damage->oversold -= booked;
    }
    damage->drift += booked > final ? booked - final : final - booked;
}

static int64_t total_of(const struct ground_rows *rows, const int64_t *values, int round) {
    int64_t total = 0;
    for (int i = round * rows->per_round; i < (round + 1) * rows->per_round; i++) {
        total += rows->rows[i].role == ROW_ACCOUNT ? values[i] : 0;
    }
    return total;
}

static void judge_round(struct score *score, const struct bout_plan *plan,
                        const struct ground_rows *rows, int round) {
    const struct scenario *scenario = plan->scenario;
    int row = round * rows->per_round + scenario->headline_row;
    int64_t expected = 0;
    int64_t final = 0;
    switch (scenario->headline) {
    case HEADLINE_VALUE:
        expected = score->booked[row];
        final = rows->final[row];
        break;
    case HEADLINE_TOTAL:
        expected = total_of(rows, score->booked, round);
        final = total_of(rows, rows->final, round);
        break;
    case HEADLINE_WINNERS:
        expected = scenario->ideal;
        final = score->winners[round];
        break;
    }
    int64_t worst = llabs(score->result->final - score->result->expected);
    if (round == 0 || llabs(final - expected) > worst) {
        score->result->expected = expected;
        score->result->final = final;
    }
}

void score_damage(struct score *score, const struct bout_plan *plan,
                  const struct ground_rows *rows) {
    struct bout_damage *damage = &score->result->damage;
    for (int i = 0; i < rows->count; i++) {
        if (rows->rows[i].role == ROW_ACCOUNT) {
            judge_account(damage, score->booked[i], rows->final[i]);
        } else {
            judge_units(damage, score->booked[i], rows->final[i]);
        }
    }
    for (int round = 0; round < plan->scale.rounds; round++) {
        judge_round(score, plan, rows, round);
    }
}
