#include "tests/sim/judge.h"

#include <string.h>

#include "common/check.h"

/* ---- commits ---- */

static const struct journal_row *find_row(const struct memory_store *books,
                                          const struct journal_key *key) {
    for (size_t i = 0; i < books->journal_count; i++) {
        if (journal_key_equal(&books->journal[i].entry.key, key)) {
            return &books->journal[i];
        }
    }
    return NULL;
}

static bool same_row(const struct journal_row *a, const struct journal_row *b) {
    return a->entry.log_offset == b->entry.log_offset && a->entry.outcome == b->entry.outcome &&
           a->entry.amount == b->entry.amount && a->held_delta == b->held_delta &&
           a->entry.balance == b->entry.balance && a->entry.held == b->entry.held &&
           a->entry.version == b->entry.version;
}

/* Per asset, the money of all lanes on its way is what the legs carry that are not taken. Asked
 * only while no lane is behind the oracle, which never goes back. */
static void judge_flight(struct sim *sim) {
    for (uint16_t i = 0; i < sim->lanes; i++) {
        if (sim->stores[i].row.next_offset != sim->oracle.lane[i].books.row.next_offset) {
            return;
        }
    }
    for (size_t a = 0; a < 2; a++) {
        struct asset asset;
        CHECK(asset_parse(a == 0 ? "EUR" : "USD", 3, &asset));
        money_wide sum = 0;
        for (uint16_t i = 0; i < sim->lanes; i++) {
            for (size_t j = 0; j < sim->stores[i].systems_count; j++) {
                const struct system_change *system = &sim->stores[i].systems[j];
                bool transit = system->role == SYSTEM_TRANSIT;
                sum += transit && asset_equal(&system->asset, &asset) ? system->delta : 0;
            }
        }
        if (sum != oracle_in_flight(&sim->oracle, &asset)) {
            sim_fail(sim, "money in flight is not what the legs carry");
        }
    }
}

void judge_batch(struct sim *sim, uint16_t lane, const struct batch *batch) {
    const struct memory_store *books = &sim->oracle.lane[lane].books;
    for (size_t i = 0; i < batch->rows_count; i++) {
        const struct journal_row *row = &batch->rows[i];
        const struct journal_row *expected = find_row(books, &row->entry.key);
        if (expected == NULL || !same_row(row, expected)) {
            sim_fail(sim, "lane %u, record %lld: a row that should not be, or not be so", lane,
                     (long long)row->entry.log_offset);
            return;
        }
    }
    judge_sums(sim, lane);
    judge_flight(sim);
}

/* ---- outputs ---- */

static void judge_leg(struct sim *sim, uint16_t lane, const struct output *output) {
    if (oracle_find_leg(&sim->oracle, output->leg) == NULL) {
        sim_fail(sim, "lane %u sends a leg that nobody expects: step %d", lane,
                 output->leg->leg.step);
    }
}

static bool fits(const struct oracle *oracle, const struct oracle_verdict *verdict,
                 const struct output *output) {
    const struct oracle_case *of = &oracle->cases[verdict->of];
    switch (verdict->answer) {
    case ORACLE_SILENCE: return false;
    case ORACLE_POISON: return output->outcome == verdict->reason;
    case ORACLE_CONFLICT: return output->outcome == OUTCOME_ID_CONFLICT;
    case ORACLE_FINAL: return output->outcome == of->last && !output->duplicate;
    case ORACLE_FIRST:
    case ORACLE_REPEATED: break;
    }
    bool known = output->outcome == of->first || (of->is_over && output->outcome == of->last);
    return known && output->duplicate == (verdict->answer == ORACLE_REPEATED);
}

/* The result is about the command whose record or end it answers. */
static bool names_command(const struct oracle *oracle, const struct oracle_verdict *verdict,
                          const struct batch *batch, const struct output *output) {
    struct result result;
    batch_result(batch, output, &result);
    if (verdict->answer == ORACLE_POISON || verdict->answer == ORACLE_CONFLICT) {
        return !result.has_balance;
    }
    return result.has_id && uuid_equal(&result.id, &oracle->cases[verdict->of].id) &&
           (!result.has_balance || result.available >= 0);
}

/* What the leg at that offset did is what its client is told, whenever that is sent again. */
static bool tells_the_end(const struct memory_store *books, int64_t offset,
                          const struct output *output) {
    for (size_t i = 0; i < books->journal_count; i++) {
        const struct entry *entry = &books->journal[i].entry;
        if (entry->log_offset == offset && entry->at_ms == output->at_ms &&
            (!output->has_balance ||
             (entry->balance == output->balance && entry->version == output->version))) {
            return true;
        }
    }
    return false;
}

void judge_output(struct sim *sim, uint16_t lane, const struct batch *batch,
                  const struct output *output) {
    if (output->kind == OUTPUT_LEG) {
        judge_leg(sim, lane, output);
        return;
    }
    int64_t offset = batch_record(batch, output)->offset;
    const struct oracle_lane *own = &sim->oracle.lane[lane];
    size_t at = tape_find(&sim->tapes[lane], offset);
    CHECK(at < own->read);
    const struct oracle_verdict *verdict = &own->verdicts[at];
    bool right = fits(&sim->oracle, verdict, output);
    if (output->kind == OUTPUT_RESULT) {
        right = right && names_command(&sim->oracle, verdict, batch, output) &&
                (verdict->answer != ORACLE_FINAL || tells_the_end(&own->books, offset, output));
    }
    if (output->kind == OUTPUT_DEAD_LETTER) {
        right = verdict->answer == ORACLE_POISON || verdict->answer == ORACLE_CONFLICT;
    }
    if (!right) {
        sim_fail(sim, "lane %u, record %lld: a wrong answer, %s", lane, (long long)offset,
                 outcome_word(output->outcome));
    }
}

/* ---- the end ---- */

static void judge_answers(struct sim *sim, uint16_t lane) {
    const struct oracle_lane *own = &sim->oracle.lane[lane];
    for (size_t i = 0; i < own->read; i++) {
        const struct oracle_verdict *verdict = &own->verdicts[i];
        long long offset = (long long)sim->tapes[lane].records[i].record.offset;
        bool forged = sim->tapes[lane].records[i].kind == TAPE_FORGED;
        if (verdict->answer != ORACLE_SILENCE && !verdict->is_answered && !forged) {
            sim_fail(sim, "lane %u, record %lld was never answered", lane, offset);
        }
        bool bad = verdict->answer == ORACLE_POISON || verdict->answer == ORACLE_CONFLICT;
        if (bad && !verdict->is_buried) {
            sim_fail(sim, "lane %u, record %lld has no dead letter", lane, offset);
        }
    }
}

static void judge_cases(struct sim *sim) {
    for (size_t i = 0; i < sim->oracle.cases_count; i++) {
        const struct oracle_case *over = &sim->oracle.cases[i];
        if (!over->is_over || !over->is_told) {
            sim_fail(sim, "a command of lane %u is %s", over->origin,
                     over->is_over ? "over, and nobody was told" : "pending for ever");
        }
    }
    for (size_t i = 0; i < sim->oracle.legs_count; i++) {
        const struct oracle_leg *leg = &sim->oracle.legs[i];
        if (!leg->is_sent || !leg->is_taken) {
            sim_fail(sim, "a leg to lane %u was never %s", leg->message.partition,
                     leg->is_sent ? "taken" : "sent");
        }
    }
}

static void judge_rest(struct sim *sim, uint16_t lane) {
    const struct memory_store *store = &sim->stores[lane];
    for (size_t i = 0; i < store->holds_count; i++) {
        const struct hold *hold = &store->holds[i];
        if (hold->state == HOLD_OPEN && hold->kind == HOLD_PURCHASE) {
            sim_fail(sim, "lane %u: the hold of a purchase is still open", lane);
        }
        if (hold->state == HOLD_OPEN && hold->expires_at_ms <= store->row.lane_time_ms) {
            sim_fail(sim, "lane %u: a hold that is due was not ended", lane);
        }
    }
}

void judge_end(struct sim *sim) {
    judge_cases(sim);
    for (uint16_t i = 0; i < sim->lanes; i++) {
        judge_answers(sim, i);
        judge_rest(sim, i);
        judge_sums(sim, i);
        judge_books(sim, i, &sim->stores[i], &sim->oracle.lane[i].books, "the oracle's books");
    }
    judge_flight(sim);
}
