/* What the lab's rows and requests are in Teller's words: names, commands, questions. */
#ifndef TELLER_TESTS_RACE_TELLER_WORDS_H
#define TELLER_TESTS_RACE_TELLER_WORDS_H

#include "common/arena.h"
#include "common/command.h"
#include "common/slice.h"
#include "common/strbuf.h"
#include "tests/race/scenario.h"

/* The command of one request, with a new id; its JSON lives in `json`. Aborts where the codec does
 * not take it. */
struct slice teller_words_op(struct strbuf *json, int bout, const struct op *op,
                             struct arena *arena, struct command *command);

/* Appends the lines that make one row. */
void teller_words_row(struct strbuf *lines, int bout, int number, const struct row *row,
                      int seller);

/* A query for what the row came to: one bigint. */
void teller_words_question(struct strbuf *sql, int bout, int number, const struct row *row);

#endif
