#include "tests/sim/oracle.h"

#include <string.h>

#include "common/check.h"
#include "tests/sim/page.h"

void oracle_reset(struct oracle *oracle, const struct tape *tapes, uint16_t lanes) {
    oracle->tapes = tapes;
    oracle->lanes = lanes;
    oracle->cases_count = 0;
    oracle->legs_count = 0;
    for (uint16_t i = 0; i < lanes; i++) {
        memory_store_reset(&oracle->lane[i].books, i);
        oracle->lane[i].read = 0;
    }
}

void oracle_close(struct oracle *oracle) {
    memory_store_close(&oracle->scratch);
    for (uint16_t i = 0; i < CLIENTS_LANES_MAX; i++) {
        memory_store_close(&oracle->lane[i].books);
    }
}

static bool same_payload(const struct tape_record *a, const struct tape_record *b) {
    return a->record.value.len == b->record.value.len &&
           memcmp(a->value, b->value, a->record.value.len) == 0;
}

static struct oracle_case *find_case(struct oracle *oracle, const struct uuid *id,
                                     uint16_t origin) {
    for (size_t i = 0; i < oracle->cases_count; i++) {
        struct oracle_case *found = &oracle->cases[i];
        if (found->origin == origin && uuid_equal(&found->id, id)) {
            return found;
        }
    }
    return NULL;
}

static enum outcome decide(struct page *page, char detail[64]) {
    switch (page->record->command.type) {
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW: return oracle_account_command(page);
    case COMMAND_HOLD:
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE: return oracle_hold_command(page);
    case COMMAND_REVERSE: return oracle_reverse(page);
    case COMMAND_GROUP: return oracle_group(page, detail);
    case COMMAND_TRANSFER: return oracle_transfer(page);
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_PRODUCT_FINALIZE: return oracle_product_command(page);
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE:
    case COMMAND_UNSUBSCRIBE: return oracle_order(page);
    }
    CHECK(!"command type");
    return OUTCOME_APPLIED;
}

static void note_refusal(struct page *page, enum outcome refusal, const char *detail) {
    const struct command *command = &page->record->command;
    struct line line = page_own(page, refusal);
    line.detail = detail;
    bool is_product =
        command->type >= COMMAND_PRODUCT_CREATE && command->type <= COMMAND_PRODUCT_FINALIZE;
    if (is_product) {
        page_note_product(page, &command->entity, &line);
    } else {
        page_note(page, &command->entity, &line);
    }
}

static void read_new(struct page *page, struct oracle_verdict *verdict) {
    struct oracle *oracle = page->oracle;
    const struct command *command = &page->record->command;
    char detail[64] = "";
    *verdict = (struct oracle_verdict){.answer = ORACLE_FIRST, .of = oracle->cases_count};
    struct oracle_case *made = &oracle->cases[oracle->cases_count++];
    *made = (struct oracle_case){.id = command->id, .origin = page->lane, .record = page->index};
    made->first = decide(page, detail);
    if (made->first != OUTCOME_APPLIED && made->first != OUTCOME_PENDING) {
        note_refusal(page, made->first, detail);
    }
    if (made->first != OUTCOME_PENDING) {
        page_end(page, &command->id, page->lane, made->first);
    }
    oracle_go_on(page);
}

static void read_command(struct page *page, struct oracle_verdict *verdict) {
    struct oracle *oracle = page->oracle;
    const struct command *command = &page->record->command;
    const struct oracle_case *first = find_case(oracle, &command->id, page->lane);
    if (first == NULL) {
        read_new(page, verdict);
        return;
    }
    const struct tape_record *claim = &oracle->tapes[page->lane].records[first->record];
    if (!same_payload(claim, page->record)) {
        *verdict =
            (struct oracle_verdict){.answer = ORACLE_CONFLICT, .reason = OUTCOME_ID_CONFLICT};
        return;
    }
    verdict->answer = ORACLE_REPEATED;
    verdict->of = (size_t)(first - oracle->cases);
}

static void read_leg(struct page *page) {
    const struct leg_message *message = &page->record->leg;
    const struct journal_key key = {
        .id = message->body.id, .origin = message->leg.origin, .step = message->leg.step};
    struct oracle_leg *expected = oracle_find_leg(page->oracle, message);
    CHECK(expected != NULL);
    if (page_row(page, &key) == NULL) {
        expected->is_taken = true;
        oracle_take(page, message);
    }
}

/* Seals want the rows of one record in this order. */
static void sort_rows(struct memory_store *books, size_t first) {
    for (size_t i = first + 1; i < books->journal_count; i++) {
        for (size_t j = i; j > first; j--) {
            struct journal_row *a = &books->journal[j - 1];
            struct journal_row *b = &books->journal[j];
            int order = uuid_compare(&a->entry.key.id, &b->entry.key.id);
            order = order != 0 ? order : (int)a->entry.key.origin - (int)b->entry.key.origin;
            order = order != 0 ? order : a->entry.key.step - b->entry.key.step;
            if (order < 0) {
                break;
            }
            struct journal_row row = *a;
            struct memory_text text = books->texts[j - 1];
            *a = *b;
            *b = row;
            books->texts[j - 1] = books->texts[j];
            books->texts[j] = text;
        }
    }
}

static void read_record(struct page *page) {
    struct oracle_verdict *verdict = &page->oracle->lane[page->lane].verdicts[page->index];
    size_t first = page->books->journal_count;
    *verdict = (struct oracle_verdict){.answer = ORACLE_SILENCE};
    switch (page->record->kind) {
    case TAPE_COMMAND: read_command(page, verdict); break;
    case TAPE_POISON:
    case TAPE_FORGED:
        verdict->answer = ORACLE_POISON;
        verdict->reason = page->record->reason;
        break;
    case TAPE_LEG: read_leg(page); break;
    case TAPE_TICK: oracle_tick(page); break;
    }
    sort_rows(page->books, first);
}

void oracle_read(struct oracle *oracle, uint16_t lane, int64_t offset) {
    struct oracle_lane *own = &oracle->lane[lane];
    const struct tape *tape = &oracle->tapes[lane];
    while (own->read < tape->count && tape->records[own->read].record.offset < offset) {
        const struct tape_record *record = &tape->records[own->read];
        struct lane_row *row = &own->books.row;
        if (record->record.timestamp_ms > row->lane_time_ms) {
            row->lane_time_ms = record->record.timestamp_ms;
        }
        struct page page = {
            .oracle = oracle,
            .books = &own->books,
            .lane = lane,
            .record = record,
            .index = own->read,
            .at_ms = row->lane_time_ms,
        };
        read_record(&page);
        row->next_offset = record->record.offset + 1;
        own->read++;
    }
}

void page_end(struct page *page, const struct uuid *id, uint16_t origin, enum outcome outcome) {
    struct oracle_case *over = find_case(page->oracle, id, origin);
    CHECK(over != NULL && !over->is_over);
    over->is_over = true;
    over->last = outcome;
    if (page->record->kind == TAPE_LEG) {
        struct oracle_lane *own = &page->oracle->lane[page->lane];
        own->verdicts[page->index] = (struct oracle_verdict){
            .answer = ORACLE_FINAL, .of = (size_t)(over - page->oracle->cases)};
    }
}
