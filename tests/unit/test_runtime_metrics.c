/* What the page of metrics says of the board. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/outcome.h"
#include "common/strbuf.h"
#include "consumer/core/batch.h"
#include "consumer/runtime/board.h"
#include "consumer/runtime/metrics.h"

static struct strbuf page_text;

static const char *page_of(struct board *board) {
    struct http_page page = {.body = &page_text};
    metrics_page(board, "/metrics", &page);
    cr_assert_eq(page.status, 200);
    return page_text.text;
}

static void expect_line(struct board *board, const char *line) {
    const char *text = page_of(board);
    cr_expect_not_null(strstr(text, line), "%s is not in\n%s", line, text);
    strbuf_close(&page_text);
}

Test(runtime_metrics, test_rows_of_the_quarantine_are_counted_by_reason) {
    static const struct quarantine_row rows[] = {
        {.reason = OUTCOME_FORGED_LEG},
        {.reason = OUTCOME_MALFORMED},
        {.reason = OUTCOME_FORGED_LEG},
    };
    struct board board;
    cr_assert(board_init(&board, 1));
    board_quarantine(&board, &(struct batch){.quarantine = rows, .quarantine_count = 3});
    board_quarantine(&board, &(struct batch){.quarantine = rows, .quarantine_count = 1});
    expect_line(&board, "\nteller_quarantined_total{reason=\"forged_leg\"} 3\n");
    expect_line(&board, "\nteller_quarantined_total{reason=\"malformed\"} 1\n");
    expect_line(&board, "\nteller_quarantined_total{reason=\"too_large\"} 0\n");
    board_close(&board);
}

/* It is rejected, and its bytes are kept all the same. */
Test(runtime_metrics, test_an_id_conflict_is_quarantined_too) {
    static const struct quarantine_row row = {.reason = OUTCOME_ID_CONFLICT};
    struct board board;
    cr_assert(board_init(&board, 1));
    board_quarantine(&board, &(struct batch){.quarantine = &row, .quarantine_count = 1});
    expect_line(&board, "\nteller_quarantined_total{reason=\"id_conflict\"} 1\n");
    board_close(&board);
}

Test(runtime_metrics, test_sources_that_were_not_kept_are_told) {
    struct board board;
    cr_assert(board_init(&board, 1));
    board_count(&board.sources_dropped, 2);
    expect_line(&board, "\nteller_sources_dropped_total 2\n");
    board_close(&board);
}

Test(runtime_metrics, test_an_answer_alone_quarantines_nothing) {
    struct board board;
    cr_assert(board_init(&board, 1));
    board_answer(&board, 0, OUTCOME_MALFORMED);
    expect_line(&board, "\nteller_quarantined_total{reason=\"malformed\"} 0\n");
    board_close(&board);
}
