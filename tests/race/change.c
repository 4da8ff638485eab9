#include "tests/race/change.h"

struct copies {
    int64_t values[SCENARIO_MOVES_MAX];
    int64_t versions[SCENARIO_MOVES_MAX];
};

/* False: the database said no. */
static bool read_rows(struct session *session, const struct technique *technique,
                      const struct op *op, struct copies *copies) {
    for (int i = 0; i < op->moves_count; i++) {
        struct answer row = session_run(session, technique->read, op->moves[i].row, 0, 0);
        if (!row.ok || row.rows != 1) {
            return false;
        }
        copies->values[i] = row.cells[0] + op->moves[i].delta;
        copies->versions[i] = row.cells[1];
    }
    return true;
}

static bool is_below_floor(const struct op *op, const struct copies *copies) {
    for (int i = 0; i < op->moves_count; i++) {
        if (op->moves[i].delta < 0 && copies->values[i] < 0) {
            return true;
        }
    }
    return false;
}

static enum attempt write_rows(struct session *session, enum statement write, const struct op *op,
                               const struct copies *copies) {
    for (int i = 0; i < op->moves_count; i++) {
        struct answer written =
            session_run(session, write, op->moves[i].row, copies->values[i], copies->versions[i]);
        if (!written.ok) {
            return ATTEMPT_FAILED;
        }
        if (written.rows == 0) {
            return ATTEMPT_AGAIN;
        }
    }
    return ATTEMPT_DONE;
}

static enum attempt read_then_write(struct session *session, const struct technique *technique,
                                    const struct op *op, enum statement write) {
    struct copies copies;
    if (!read_rows(session, technique, op, &copies)) {
        return ATTEMPT_FAILED;
    }
    session_think(session);
    if (is_below_floor(op, &copies)) {
        return ATTEMPT_REFUSED;
    }
    return write_rows(session, write, op, &copies);
}

enum attempt change_read_write(struct session *session, const struct technique *technique,
                               const struct op *op) {
    return read_then_write(session, technique, op, STATEMENT_WRITE);
}

enum attempt change_version(struct session *session, const struct technique *technique,
                            const struct op *op) {
    return read_then_write(session, technique, op, STATEMENT_WRITE_VERSION);
}

static bool lock_advisory(struct session *session, const struct op *op) {
    for (int i = 0; i < op->moves_count; i++) {
        if (!session_run(session, STATEMENT_ADVISORY, op->moves[i].row, 0, 0).ok) {
            return false;
        }
    }
    return true;
}

enum attempt change_advisory(struct session *session, const struct technique *technique,
                             const struct op *op) {
    return lock_advisory(session, op) ? change_read_write(session, technique, op) : ATTEMPT_FAILED;
}

static enum attempt add_rows(struct session *session, enum statement add, const struct op *op) {
    for (int i = 0; i < op->moves_count; i++) {
        struct answer added = session_run(session, add, op->moves[i].row, op->moves[i].delta, 0);
        if (!added.ok) {
            return ATTEMPT_FAILED;
        }
        if (added.rows == 0) {
            return ATTEMPT_REFUSED;
        }
    }
    return ATTEMPT_DONE;
}

enum attempt change_add(struct session *session, const struct technique *technique,
                        const struct op *op) {
    (void)technique;
    return add_rows(session, STATEMENT_ADD, op);
}

enum attempt change_add_if(struct session *session, const struct technique *technique,
                           const struct op *op) {
    (void)technique;
    return add_rows(session, STATEMENT_ADD_IF, op);
}

enum attempt change_raise(struct session *session, const struct technique *technique,
                          const struct op *op) {
    enum attempt added = add_rows(session, STATEMENT_ADD, op);
    for (int i = 0; added == ATTEMPT_DONE && i < op->moves_count; i++) {
        struct answer row = session_run(session, technique->read, op->moves[i].row, 0, 0);
        if (!row.ok) {
            return ATTEMPT_FAILED;
        }
        if (row.cells[0] < 0) {
            return ATTEMPT_REFUSED;
        }
    }
    return added;
}

/* Members beyond what there are now, or ATTEMPT_FAILED. */
static enum attempt compare_count(struct session *session, int club, int64_t cap, int64_t wanted) {
    struct answer count = session_run(session, STATEMENT_COUNT, club, 0, 0);
    if (!count.ok) {
        return ATTEMPT_FAILED;
    }
    return count.cells[0] + wanted > cap ? ATTEMPT_REFUSED : ATTEMPT_DONE;
}

static enum attempt insert_member(struct session *session, const struct op *op) {
    bool ok = session_run(session, STATEMENT_INSERT, op->moves[0].row, op->who, 0).ok;
    return ok ? ATTEMPT_DONE : ATTEMPT_FAILED;
}

static enum attempt count_then_insert(struct session *session, const struct op *op, int64_t cap) {
    enum attempt room = compare_count(session, op->moves[0].row, cap, 1);
    session_think(session);
    return room == ATTEMPT_DONE ? insert_member(session, op) : room;
}

enum attempt change_join_count(struct session *session, const struct technique *technique,
                               const struct op *op) {
    struct answer club = session_run(session, technique->read, op->moves[0].row, 0, 0);
    return club.ok ? count_then_insert(session, op, club.cells[0]) : ATTEMPT_FAILED;
}

enum attempt change_join_advisory(struct session *session, const struct technique *technique,
                                  const struct op *op) {
    return lock_advisory(session, op) ? change_join_count(session, technique, op) : ATTEMPT_FAILED;
}

enum attempt change_join_version(struct session *session, const struct technique *technique,
                                 const struct op *op) {
    int64_t row = op->moves[0].row;
    struct answer club = session_run(session, technique->read, row, 0, 0);
    if (!club.ok) {
        return ATTEMPT_FAILED;
    }
    enum attempt joined = count_then_insert(session, op, club.cells[0]);
    if (joined != ATTEMPT_DONE) {
        return joined;
    }
    struct answer moved =
        session_run(session, STATEMENT_WRITE_VERSION, row, club.cells[0], club.cells[1]);
    return !moved.ok ? ATTEMPT_FAILED : moved.rows == 0 ? ATTEMPT_AGAIN : ATTEMPT_DONE;
}

enum attempt change_join_counter(struct session *session, const struct technique *technique,
                                 const struct op *op) {
    enum attempt taken = change_add_if(session, technique, op);
    return taken == ATTEMPT_DONE ? insert_member(session, op) : taken;
}

enum attempt change_join_raise(struct session *session, const struct technique *technique,
                               const struct op *op) {
    struct answer club = session_run(session, technique->read, op->moves[0].row, 0, 0);
    if (!club.ok || insert_member(session, op) != ATTEMPT_DONE) {
        return ATTEMPT_FAILED;
    }
    return compare_count(session, op->moves[0].row, club.cells[0], 0);
}
