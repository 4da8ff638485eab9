/* Rows for test_precedence.c: each is a small world and the last answer that it gives. */
#ifndef TELLER_TESTS_UNIT_PRECEDENCE_H
#define TELLER_TESTS_UNIT_PRECEDENCE_H

#include <stddef.h>

#define PRECEDENCE_LINES_MAX 8

struct precedence_row {
    const char *name;
    /* "[$ID ][ENTITY: ]TYPE[ FIELDS]", fields with ' for ": the id is the line's number, and the
     * entity alice, if they are not given. Line n is written at second n. */
    const char *commands[PRECEDENCE_LINES_MAX];
    const char *answer; /* of the last one */
};

struct precedence_rows {
    const struct precedence_row *items;
    size_t count;
};

extern const struct precedence_rows precedence_accounts;
extern const struct precedence_rows precedence_transfers;
extern const struct precedence_rows precedence_sales;
/* One id is used in two lanes: where they are one, that is a conflict. */
extern const struct precedence_rows precedence_namesakes;

#define OPEN "account.open 'currency':'EUR'"
#define FUND "deposit 'amount':100"
#define MOST "9223372036854775807"

#endif
