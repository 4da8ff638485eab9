#include "tests/race/technique.h"

#include <string.h>

#include "tests/race/change.h"

#define BEGIN_PLAIN "BEGIN"
#define BEGIN_SERIALIZABLE "BEGIN ISOLATION LEVEL SERIALIZABLE"

const struct technique technique_table[TECHNIQUE_COUNT] = {
    {"naive", "naive read, then write", "Reads, computes in the service, writes the result back.",
     PLACE_C, TRAIT_MUST_LOSE, BEGIN_PLAIN, STATEMENT_READ, change_read_write, change_join_count},
    {"f", "F() update", "SET value = value + n: the database computes, nobody looks.", PLACE_C,
     TRAIT_NO_FLOOR | TRAIT_MOVES_ONLY, BEGIN_PLAIN, STATEMENT_READ, change_add, NULL},
    {"f-where", "F() with a condition", "SET value = value + n WHERE value + n >= 0, rows counted.",
     PLACE_C, 0, BEGIN_PLAIN, STATEMENT_READ, change_add_if, change_join_counter},
    {"for-update", "SELECT FOR UPDATE", "Locks each row as it comes, then reads and writes.",
     PLACE_C, 0, BEGIN_PLAIN, STATEMENT_READ_LOCKED, change_read_write, change_join_count},
    {"for-update-sorted", "FOR UPDATE, rows sorted", "The same, rows always locked by rising id.",
     PLACE_C, TRAIT_SORTED, BEGIN_PLAIN, STATEMENT_READ_LOCKED, change_read_write,
     change_join_count},
    {"nowait", "FOR UPDATE NOWAIT", "The same, but a row that is locked is an error at once.",
     PLACE_C, 0, BEGIN_PLAIN, STATEMENT_READ_NOWAIT, change_read_write, change_join_count},
    {"optimistic", "version column, retry",
     "Writes only over the version it read, else tries "
     "again.",
     PLACE_C, TRAIT_RETRIES, BEGIN_PLAIN, STATEMENT_READ, change_version, change_join_version},
    {"raise", "raise and roll back", "Changes first, looks then, rolls back what should not be.",
     PLACE_C, TRAIT_LOSES_CAP, BEGIN_PLAIN, STATEMENT_READ, change_raise, change_join_raise},
    {"serializable", "SERIALIZABLE, retry",
     "The naive code at the strictest level, tried again "
     "on 40001.",
     PLACE_C, TRAIT_RETRIES, BEGIN_SERIALIZABLE, STATEMENT_READ, change_read_write,
     change_join_count},
    {"advisory", "advisory lock", "pg_advisory_xact_lock by id, rows sorted, then the naive code.",
     PLACE_C, TRAIT_SORTED, BEGIN_PLAIN, STATEMENT_READ, change_advisory, change_join_advisory},
    {"redis", "Redis lock", "SET NX PX in a real Redis, rows sorted, around the naive code.",
     PLACE_C, TRAIT_SORTED | TRAIT_REDIS, BEGIN_PLAIN, STATEMENT_READ, change_read_write,
     change_join_count},
    {"django-naive", "Django: get, save", "obj = get(); obj.value += n; obj.save(), in atomic().",
     PLACE_DJANGO, TRAIT_MUST_LOSE, NULL, 0, NULL, NULL},
    {"django-f", "Django: F()", "filter(pk=...).update(value=F(\"value\") + n), in atomic().",
     PLACE_DJANGO, TRAIT_NO_FLOOR | TRAIT_MOVES_ONLY, NULL, 0, NULL, NULL},
    {"django-for-update", "Django: select_for_update", "select_for_update().get(), save().",
     PLACE_DJANGO, 0, NULL, 0, NULL, NULL},
    {"teller", "Teller", "Publishes a command, waits for its result, asks the next.", PLACE_TELLER,
     0, NULL, 0, NULL, NULL},
    {"teller-stream", "Teller, many on the way",
     "Publishes up to 256 commands ahead of their "
     "results.",
     PLACE_TELLER, TRAIT_STREAM, NULL, 0, NULL, NULL},
};

static bool is_named(const struct scenario *scenario, const char *name) {
    return strcmp(scenario->name, name) == 0;
}

bool technique_fits(const struct technique *technique, const struct scenario *scenario) {
    if ((technique->traits & TRAIT_MOVES_ONLY) != 0) {
        return !is_named(scenario, "cap") && !is_named(scenario, "finalize");
    }
    bool is_load = scenario_is_load(scenario);
    bool repeats = strcmp(technique->name, "for-update-sorted") == 0 && is_load; /* one row */
    return !repeats && ((technique->traits & TRAIT_STREAM) == 0 || is_load);
}

bool technique_must_be_exact(const struct technique *technique, const struct scenario *scenario) {
    if ((technique->traits & TRAIT_MUST_LOSE) != 0) {
        return false;
    }
    if ((technique->traits & TRAIT_NO_FLOOR) != 0) {
        return !is_named(scenario, "stock");
    }
    return (technique->traits & TRAIT_LOSES_CAP) == 0 || !is_named(scenario, "cap");
}

static void sort_moves(struct op *op) {
    for (int i = 1; i < op->moves_count; i++) {
        for (int k = i; k > 0 && op->moves[k].row < op->moves[k - 1].row; k--) {
            struct move lower = op->moves[k];
            op->moves[k] = op->moves[k - 1];
            op->moves[k - 1] = lower;
        }
    }
}

/* SQLSTATE class 40: the server has rolled back one of two that cannot both go on. */
static enum attempt after_error(const struct technique *technique, const struct session *session) {
    bool retries = (technique->traits & TRAIT_RETRIES) != 0;
    return retries && strncmp(session->sqlstate, "40", 2) == 0 ? ATTEMPT_AGAIN : ATTEMPT_FAILED;
}

static enum attempt run_transaction(const struct technique *technique, struct session *session,
                                    const struct op *op) {
    if (!session_command(session, technique->begin)) {
        return ATTEMPT_FAILED;
    }
    enum attempt attempt = op->kind == OP_JOIN ? technique->join(session, technique, op)
                                               : technique->change(session, technique, op);
    if (attempt == ATTEMPT_DONE) {
        return session_command(session, "COMMIT") ? ATTEMPT_DONE : after_error(technique, session);
    }
    if (attempt == ATTEMPT_FAILED) {
        attempt = after_error(technique, session);
    }
    (void)session_command(session, "ROLLBACK");
    return attempt;
}

static enum attempt run_under_redis(const struct technique *technique, struct session *session,
                                    const struct op *op) {
    int taken = 0;
    while (taken < op->moves_count && redis_lock_take(session->redis, op->moves[taken].row)) {
        taken++;
    }
    enum attempt attempt =
        taken == op->moves_count ? run_transaction(technique, session, op) : ATTEMPT_FAILED;
    while (taken > 0) {
        (void)redis_lock_give(session->redis, op->moves[--taken].row);
    }
    return attempt;
}

enum attempt technique_attempt(const struct technique *technique, struct session *session,
                               const struct op *op) {
    struct op ordered = *op;
    if ((technique->traits & TRAIT_SORTED) != 0) {
        sort_moves(&ordered);
    }
    return (technique->traits & TRAIT_REDIS) != 0 ? run_under_redis(technique, session, &ordered)
                                                  : run_transaction(technique, session, &ordered);
}
