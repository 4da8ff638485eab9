#include "consumer/verbs/verify_walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"

#define PAGE_SEALS 256
#define PAGE_OFFSETS 32768 /* records of one page: about as many rows, about 20 MB */

void verify_walk_init(struct verify_walk *walk, struct pg_conn *conn, uint16_t lane) {
    memset(walk, 0, sizeof *walk);
    walk->conn = conn;
    walk->lane = lane;
    walk->next_seal = 1;
    walk->last_offset = INT64_MIN;
    walk->last_at_ms = INT64_MIN;
    walk->digest = digest_new();
    walk->record = calloc(VERIFY_RECORD_ROWS_MAX, sizeof *walk->record);
    walk->pointers = calloc(VERIFY_RECORD_ROWS_MAX, sizeof *walk->pointers);
    CHECK(walk->digest != NULL && walk->record != NULL && walk->pointers != NULL);
}

void verify_walk_close(struct verify_walk *walk) {
    digest_free(walk->digest);
    free(walk->record);
    free(walk->pointers);
}

/* ---- a page: the rows of some seals, with a place in each ---- */

struct page {
    struct pg_rows *journal;
    struct pg_rows *quarantine;
    int journal_at;
    int quarantine_at;
};

static enum pg_answer page_read(struct page *page, struct verify_walk *walk, int64_t last,
                                struct pg_failure *failure) {
    const int64_t first = walk->last_offset == INT64_MIN ? INT64_MIN : walk->last_offset + 1;
    memset(page, 0, sizeof *page);
    page->journal = pg_audit_journal(walk->conn, walk->lane, first, last, failure);
    if (page->journal != NULL) {
        page->quarantine = pg_audit_quarantine(walk->conn, walk->lane, first, last, failure);
    }
    return page->quarantine != NULL ? PG_DONE : failure->answer;
}

static void page_close(struct page *page) {
    pg_rows_free(page->journal);
    pg_rows_free(page->quarantine);
}

/* ---- rows ---- */

static bool end_record(struct verify_walk *walk) {
    for (size_t i = 0; i < walk->record_count; i++) {
        walk->pointers[i] = &walk->record[i].row;
        verify_holds_journal(walk->holds, walk->pointers[i]);
    }
    const bool right =
        verify_record(&walk->books, walk->pointers, walk->record_count, walk->finding);
    walk->record_count = 0;
    return right;
}

static bool check_place(struct verify_walk *walk, const struct entry *entry,
                        const struct seal *seal) {
    if (entry->log_offset < seal->first_offset) {
        return finding_at(walk->finding, entry, "no seal covers it");
    }
    if (entry->at_ms < walk->last_at_ms) {
        return finding_at(walk->finding, entry, "lane time goes back");
    }
    walk->last_at_ms = entry->at_ms;
    return true;
}

/* The next row of the page, kept until its record is complete. */
static bool take_row(struct verify_walk *walk, struct page *page, const struct seal *seal) {
    const char *unreadable;
    struct audit_journal_row *slot = &walk->record[walk->record_count];
    const bool readable =
        pg_audit_journal_row(page->journal, page->journal_at++, slot, &unreadable);
    const struct entry *entry = &slot->row.entry;
    walk->rows++;
    if (!readable) {
        return finding_at(walk->finding, entry, "its %s is none of ours", unreadable);
    }
    walk->record_count++;
    seal_add_row(walk->digest, &slot->row, walk->lane);
    return check_place(walk, entry, seal);
}

static int64_t next_offset(const struct page *page) {
    return page->journal_at < pg_rows_count(page->journal)
               ? pg_audit_journal_offset(page->journal, page->journal_at)
               : INT64_MAX;
}

static bool take_journal(struct verify_walk *walk, struct page *page, const struct seal *seal) {
    while (page->journal_at < pg_rows_count(page->journal) &&
           next_offset(page) <= seal->last_offset) {
        const int64_t offset = next_offset(page);
        if (!take_row(walk, page, seal)) {
            return false;
        }
        if (walk->record_count == VERIFY_RECORD_ROWS_MAX) {
            return finding_set(walk->finding, 0, "offset %" PRId64 ": too many rows for one record",
                               offset);
        }
        if (next_offset(page) != offset && !end_record(walk)) {
            return false;
        }
    }
    return true;
}

static bool check_reason(struct verify_walk *walk, const struct quarantine_row *row) {
    return outcome_state(row->reason) == STATE_QUARANTINED || row->reason == OUTCOME_ID_CONFLICT ||
           finding_set(walk->finding, 0, "quarantine at offset %" PRId64 ": %s is no reason",
                       row->log_offset, outcome_word(row->reason));
}

static bool take_quarantine(struct verify_walk *walk, struct page *page, const struct seal *seal) {
    static const char *const none = "?";
    struct audit_quarantine_row slot;
    while (page->quarantine_at < pg_rows_count(page->quarantine)) {
        const char *unreadable = none;
        const bool readable =
            pg_audit_quarantine_row(page->quarantine, page->quarantine_at, &slot, &unreadable);
        if (slot.row.log_offset > seal->last_offset) {
            return true;
        }
        page->quarantine_at++;
        walk->quarantined++;
        if (!readable || slot.row.log_offset < seal->first_offset) {
            return finding_set(
                walk->finding, 0, "quarantine at offset %" PRId64 ": %s%s", slot.row.log_offset,
                readable ? "no seal covers it" : "not ours: ", readable ? "" : unreadable);
        }
        if (!check_reason(walk, &slot.row)) {
            return false;
        }
        seal_add_quarantine(walk->digest, &slot.row, walk->lane);
    }
    return true;
}

/* ---- seals ---- */

static bool check_seal(struct verify_walk *walk, struct page *page, const struct seal *seal) {
    uint8_t expected[SEAL_LEN];
    seal_begin(walk->digest, walk->head);
    if (!take_journal(walk, page, seal) || !take_quarantine(walk, page, seal)) {
        return false;
    }
    seal_end(walk->digest, expected);
    if (!digest_equal(expected, seal->digest, SEAL_LEN)) {
        return finding_set(walk->finding, 0,
                           "seal %" PRId64 " (offsets %" PRId64 " to %" PRId64
                           ") is not the seal of its rows: one was changed, added or deleted",
                           seal->number, seal->first_offset, seal->last_offset);
    }
    memcpy(walk->head, expected, SEAL_LEN);
    walk->next_seal = seal->number + 1;
    walk->last_offset = seal->last_offset;
    return true;
}

static bool check_order(struct verify_walk *walk, const struct seal *seal) {
    if (seal->number != walk->next_seal) {
        return finding_set(walk->finding, 0, "seal %" PRId64 " is missing", walk->next_seal);
    }
    return (seal->first_offset > walk->last_offset && seal->last_offset >= seal->first_offset) ||
           finding_set(walk->finding, 0,
                       "seal %" PRId64 " covers offsets %" PRId64 " to %" PRId64
                       ", and everything up to %" PRId64 " is covered already",
                       seal->number, seal->first_offset, seal->last_offset, walk->last_offset);
}

/* Reads seal `index` of the rows into its place: false if it does not belong into this page. */
static bool fits_page(struct verify_walk *walk, const struct pg_rows *rows, int index,
                      int64_t target, struct seal seals[PAGE_SEALS]) {
    struct seal *seal = &seals[index];
    const bool readable = pg_audit_seal(rows, index, seal);
    if (!readable && index == 0) {
        return finding_set(walk->finding, 0, "seal %" PRId64 " is not readable", seal->number);
    }
    if (index == 0) {
        return check_order(walk, seal);
    }
    return readable && seal->number < target && seal->number == seal[-1].number + 1 &&
           seal->first_offset > seal[-1].last_offset && seal->last_offset >= seal->first_offset &&
           seal->last_offset - seals[0].first_offset < PAGE_OFFSETS;
}

/* Reads the next seals; *count is how many make a page. What is wrong with a seal is said when it
 * is the first: the rows before it come first. */
static enum pg_answer next_seals(struct verify_walk *walk, int64_t target,
                                 struct seal seals[PAGE_SEALS], int *count,
                                 struct pg_failure *failure) {
    struct pg_rows *rows =
        pg_audit_seals(walk->conn, walk->lane, walk->next_seal, PAGE_SEALS, failure);
    *count = 0;
    if (rows == NULL) {
        return failure->answer;
    }
    while (*count < pg_rows_count(rows) && fits_page(walk, rows, *count, target, seals)) {
        ++*count;
    }
    if (*count == 0 && !walk->finding->found) {
        (void)finding_set(walk->finding, 0, "seal %" PRId64 " is missing", walk->next_seal);
    }
    pg_rows_free(rows);
    return PG_DONE;
}

enum pg_answer verify_walk_to(struct verify_walk *walk, int64_t target,
                              struct pg_failure *failure) {
    struct seal seals[PAGE_SEALS];
    while (walk->next_seal < target && !walk->finding->found) {
        struct page page;
        int count;
        enum pg_answer answer = next_seals(walk, target, seals, &count, failure);
        if (answer != PG_DONE || count == 0) {
            return answer;
        }
        answer = page_read(&page, walk, seals[count - 1].last_offset, failure);
        for (int i = 0; answer == PG_DONE && i < count; i++) {
            if (!check_seal(walk, &page, &seals[i])) {
                break;
            }
        }
        page_close(&page);
        if (answer != PG_DONE) {
            return answer;
        }
    }
    return PG_DONE;
}

static bool check_lane_row(struct verify_walk *walk, const struct lane_row *row) {
    if (row->next_seal != walk->next_seal || !digest_equal(row->seal_head, walk->head, SEAL_LEN)) {
        return finding_set(walk->finding, 0, "the lane row does not end with seal %" PRId64,
                           walk->next_seal - 1);
    }
    if (row->next_offset <= walk->last_offset) {
        return finding_set(walk->finding, 0, "next offset %" PRId64 ", but %" PRId64 " is sealed",
                           row->next_offset, walk->last_offset);
    }
    return row->lane_time_ms >= walk->last_at_ms ||
           finding_set(walk->finding, 0, "lane time is behind the journal's");
}

enum pg_answer verify_walk_end(struct verify_walk *walk, const struct pg_lane *lane,
                               struct pg_failure *failure) {
    struct page page;
    const enum pg_answer answer = page_read(&page, walk, INT64_MAX, failure);
    if (answer == PG_DONE) {
        if (pg_rows_count(page.journal) > 0) {
            (void)finding_set(walk->finding, 0, "journal row at offset %" PRId64 " has no seal",
                              pg_audit_journal_offset(page.journal, 0));
        }
        if (pg_rows_count(page.quarantine) > 0) {
            (void)finding_set(walk->finding, 0,
                              "a quarantine row behind offset %" PRId64 " has no seal",
                              walk->last_offset);
        }
        (void)check_lane_row(walk, &lane->row);
    }
    page_close(&page);
    return answer;
}
