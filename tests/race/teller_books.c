#include "tests/race/teller_books.h"

#include <string.h>

#include "common/command.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/plays.h"
#include "tests/harness/wait.h"
#include "tests/race/teller_words.h"

/* What needs a type that this build does not have cannot be asked. */
bool teller_books_can(const struct scenario *scenario) {
    enum command_type type;
    for (size_t i = 0; i < sizeof scenario->needs / sizeof *scenario->needs; i++) {
        const char *word = scenario->needs[i];
        if (word != NULL && !command_type_parse(word, strlen(word), &type)) {
            return false;
        }
    }
    return true;
}

/* The accounts of all rounds first: a product names its seller. */
static void write_rows(struct strbuf *lines, int bout, const struct ground_rows *rows) {
    for (int i = 0; i < rows->count; i++) {
        if (rows->rows[i].role == ROW_ACCOUNT) {
            teller_words_row(lines, bout, i, &rows->rows[i], i);
        }
    }
}

static void write_products(struct strbuf *lines, int bout, const struct ground_rows *rows) {
    for (int i = 0; i < rows->count; i++) {
        if (rows->rows[i].role != ROW_ACCOUNT) {
            teller_words_row(lines, bout, i, &rows->rows[i], i + 1);
        }
    }
}

static void apply(const struct ledger *ledger, const struct strbuf *lines) {
    const char *const arguments[] = {"apply", "-", "--wait", "--quiet", NULL};
    struct captured captured;
    must(!lines->failed, "out of memory");
    if (lines->len > 0) {
        ledger_teller(ledger, &captured, lines->text, arguments);
        must(captured.status == 0, "teller apply ended with %d: %s", captured.status, captured.err);
        captured_close(&captured);
    }
}

void teller_books_fill(struct ground *ground, const struct ground_rows *rows) {
    struct strbuf lines = STRBUF_INIT;
    write_rows(&lines, ground->bouts, rows);
    apply(&ground->stage.ledger, &lines);
    strbuf_reset(&lines);
    write_products(&lines, ground->bouts, rows);
    apply(&ground->stage.ledger, &lines);
    strbuf_close(&lines);
}

/* The last leg of a command may be under way behind its final result: a seller's money is. */
void teller_books_read(struct ground *ground, struct ground_rows *rows) {
    struct strbuf sql = STRBUF_INIT;
    worker_wait_drained(&ground->stage.ledger, STAGE_TIMEOUT_MS);
    wait_for("legs to arrive", play_is_settled, &ground->stage.ledger, STAGE_TIMEOUT_MS);
    for (int i = 0; i < rows->count; i++) {
        strbuf_reset(&sql);
        teller_words_question(&sql, ground->bouts, i, &rows->rows[i]);
        rows->final[i] = db_int(ground->stage.ledger.db, sql.text, INT64_MIN);
    }
    strbuf_close(&sql);
}
