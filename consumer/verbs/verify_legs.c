#include "consumer/verbs/verify_legs.h"

#include <stdlib.h>

#include "common/check.h"

void verify_legs_close(struct verify_legs *legs) {
    free(legs->money);
    free(legs->old);
    legs->old = NULL;
    legs->money = NULL;
}

static void add_money(struct verify_legs *legs, const struct verify_flight *flight) {
    size_t i = 0;
    while (i < legs->money_count && !asset_equal(&legs->money[i].asset, &flight->asset)) {
        i++;
    }
    if (i == legs->money_count) {
        legs->money = realloc(legs->money, (i + 1) * sizeof *legs->money);
        CHECK(legs->money != NULL);
        legs->money[legs->money_count++] = (struct verify_money){.asset = flight->asset};
    }
    legs->money[i].amount += flight->amount;
}

static void keep_old(struct verify_legs *legs, const struct verify_flight *flight, int64_t age_ms) {
    if (legs->old == NULL) {
        legs->old = malloc(VERIFY_LEGS_OLD_MAX * sizeof *legs->old);
        CHECK(legs->old != NULL);
    }
    legs->old[legs->old_kept] = *flight;
    legs->old[legs->old_kept++].age_ms = age_ms;
}

static void note_flight(struct verify_legs *legs, const struct verify_flight *flight,
                        int64_t read_at_ms) {
    const int64_t age_ms = read_at_ms - flight->at_ms;
    legs->under_way++;
    if (flight->amount != 0) {
        add_money(legs, flight);
    }
    if (age_ms < legs->older_than_ms) {
        return;
    }
    legs->old_count++;
    if (legs->old_kept < VERIFY_LEGS_OLD_MAX) {
        keep_old(legs, flight, age_ms);
    }
}

/* A page, and how far it is read. */
struct reading {
    struct audit_legs page;
    int step;
    int subscription;
    struct audit_step next_step; /* what the indexes point to, if has_... */
    struct audit_subscription next_subscription;
    bool has_step;
    bool has_subscription;
};

static bool look_ahead(struct reading *reading, struct finding *finding) {
    const struct audit_legs *page = &reading->page;
    reading->has_step = reading->step < page->steps_count;
    reading->has_subscription = reading->subscription < pg_audit_legs_subscriptions(page);
    bool readable =
        (!reading->has_step || pg_audit_legs_step(page, reading->step, &reading->next_step)) &&
        (!reading->has_subscription ||
         pg_audit_legs_subscription(page, reading->subscription, &reading->next_subscription));
    return readable || finding_at(finding, &reading->next_step.entry, "not a row of ours");
}

static bool is_of(const struct verify_case *of, const struct uuid *id, uint16_t origin) {
    return origin == of->origin && uuid_equal(id, &of->id);
}

/* The key of the next case: whichever row comes first. */
static void begin_case(const struct reading *reading, struct verify_case *of) {
    const struct journal_key *step = &reading->next_step.entry.key;
    const struct subscription *row = &reading->next_subscription.row;
    int order = 0;
    if (reading->has_step && reading->has_subscription) {
        order = uuid_compare(&step->id, &row->id);
        order = order != 0 ? order : (int)step->origin - (int)row->origin;
    }
    const bool by_step = reading->has_step && order <= 0;
    *of = (struct verify_case){.id = by_step ? step->id : row->id,
                               .origin = by_step ? step->origin : row->origin};
}

static bool take_case(struct reading *reading, struct verify_case *of, struct finding *finding) {
    begin_case(reading, of);
    while (reading->has_step &&
           is_of(of, &reading->next_step.entry.key.id, reading->next_step.entry.key.origin)) {
        reading->step++;
        if (!verify_case_add(of, &reading->next_step, finding) || !look_ahead(reading, finding)) {
            return false;
        }
    }
    const struct subscription *row = &reading->next_subscription.row;
    if (reading->has_subscription && is_of(of, &row->id, row->origin)) {
        of->has_subscription = true;
        of->subscription = reading->next_subscription;
        reading->subscription++;
        return look_ahead(reading, finding);
    }
    return true;
}

static void judge_page(struct verify_legs *legs, struct reading *reading, struct finding *finding) {
    struct verify_case of;
    struct verify_flight flight;
    if (!look_ahead(reading, finding)) {
        return;
    }
    while (reading->has_step || reading->has_subscription) {
        if (!take_case(reading, &of, finding) || !verify_case_judge(&of, &flight, finding)) {
            return;
        }
        legs->commands++;
        if (flight.under_way) {
            note_flight(legs, &flight, reading->page.read_at_ms);
        }
    }
}

static enum pg_answer read_commands(struct verify_legs *legs, struct pg_conn *conn,
                                    struct finding *finding, struct pg_failure *failure) {
    struct uuid from = {.bytes = {0}};
    bool more = true;
    enum pg_answer answer = PG_DONE;
    while (more && answer == PG_DONE && !finding->found) {
        struct reading reading = {.step = 0};
        answer = pg_audit_legs_read(conn, &from, &reading.page, failure);
        if (answer == PG_DONE) {
            judge_page(legs, &reading, finding);
            more = !reading.page.is_last;
            from = more ? pg_audit_legs_next(&reading.page) : from;
        }
        pg_audit_legs_close(&reading.page);
    }
    return answer;
}

/* An allotment that goes on is under way with its next chunk. */
static enum pg_answer read_chunks(struct verify_legs *legs, struct pg_conn *conn,
                                  struct finding *finding, struct pg_failure *failure) {
    struct audit_chunk chunk;
    struct pg_rows *rows = pg_audit_chunks(conn, failure);
    for (int i = 0; rows != NULL && i < pg_rows_count(rows); i++) {
        if (!pg_audit_chunk(rows, i, &chunk)) {
            (void)finding_set(finding, 0, "an allotment: not a row of ours");
            break;
        }
        const struct verify_flight flight = {
            .under_way = true,
            .id = chunk.key.id,
            .origin = chunk.key.origin,
            .step = chunk.key.step,
            .lane = chunk.lane,
            .log_offset = chunk.log_offset,
            .at_ms = chunk.at_ms,
        };
        note_flight(legs, &flight, chunk.read_at_ms);
    }
    pg_rows_free(rows);
    return rows == NULL ? failure->answer : PG_DONE;
}

enum pg_answer verify_legs_read(struct verify_legs *legs, struct pg_conn *conn,
                                struct finding *finding, struct pg_failure *failure) {
    enum pg_answer answer = read_commands(legs, conn, finding, failure);
    return answer == PG_DONE && !finding->found ? read_chunks(legs, conn, finding, failure)
                                                : answer;
}
