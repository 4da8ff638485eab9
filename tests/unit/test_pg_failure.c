#include <criterion/criterion.h>

#include "common/pg/pg_failure.h"

/* Every class that passes by itself, the fence, and what is refused. */
Test(pg_failure, test_sqlstate_decides_what_to_do_next) {
    static const struct {
        const char *state;
        enum pg_answer answer;
    } rows[] = {
        {NULL, PG_LOST},       {"", PG_LOST},         {"08006", PG_RETRY},   {"25P03", PG_RETRY},
        {"25006", PG_RETRY},   {"28P01", PG_RETRY},   {"40001", PG_RETRY},   {"40P01", PG_RETRY},
        {"53100", PG_RETRY},   {"53300", PG_RETRY},   {"55P03", PG_RETRY},   {"57014", PG_RETRY},
        {"57P01", PG_RETRY},   {"58030", PG_RETRY},   {"TL001", PG_FENCED},  {"TL002", PG_REFUSED},
        {"25P02", PG_REFUSED}, {"23514", PG_REFUSED}, {"23505", PG_REFUSED}, {"42501", PG_REFUSED},
        {"22003", PG_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(pg_failure_class(rows[i].state), rows[i].answer, "%s",
                     rows[i].state != NULL ? rows[i].state : "none");
    }
}

Test(pg_failure, test_a_fence_names_its_lanes) {
    struct pg_failure failure = PG_FAILURE_INIT;
    cr_expect_eq(pg_failure_set(&failure, "TL001", "gone", "3,17"), PG_FENCED);
    cr_expect(pg_failure_names_lane(&failure, 3));
    cr_expect(pg_failure_names_lane(&failure, 17));
    cr_expect_not(pg_failure_names_lane(&failure, 1));
    cr_expect_not(pg_failure_names_lane(&failure, 7));
}

Test(pg_failure, test_no_lane_is_named_by_another_failure) {
    struct pg_failure failure = PG_FAILURE_INIT;
    (void)pg_failure_set(&failure, "23505", "twice", "3,17");
    cr_expect_not(pg_failure_names_lane(&failure, 3));
}

Test(pg_failure, test_the_text_is_one_line) {
    struct pg_failure failure = PG_FAILURE_INIT;
    (void)pg_failure_set(&failure, "57P01", "ended\n\tby an operator\n", NULL);
    cr_expect_str_eq(failure.err.text, "database 57P01: ended  by an operator");
}

Test(pg_failure, test_a_wrong_password_is_denied_and_retried) {
    struct pg_failure failure = PG_FAILURE_INIT;
    cr_expect_eq(pg_failure_set(&failure, "28P01", "no", NULL), PG_RETRY);
    cr_expect_eq(failure.err.kind, ERR_DENIED);
}
