/* Apart from db.c, which programs without Criterion use too. */
#include <criterion/criterion.h>

#include "tests/harness/db.h"

void db_expect_text(PGconn *conn, const char *sql, const char *wanted) {
    char text[256];
    db_text(conn, sql, text, sizeof text);
    cr_expect_str_eq(text, wanted, "%s: %s", sql, text);
}
