#include "consumer/core/wants_buffer.h"

#include <stdlib.h>

#include "common/check.h"

bool wants_buffer_init(struct wants_buffer *buffer, uint32_t records, uint32_t holds) {
    *buffer = (struct wants_buffer){.records = records, .holds_capacity = holds};
    buffer->accounts = malloc(records * sizeof *buffer->accounts);
    buffer->numbers = malloc(WANTS_DUE_MAX * sizeof *buffer->numbers);
    buffer->keys = malloc(records * sizeof *buffer->keys);
    buffer->ids = malloc(WANTS_IDS_MAX * sizeof *buffer->ids);
    buffer->holds = malloc(holds * sizeof *buffer->holds);
    wants_buffer_clear(buffer);
    if (buffer->accounts != NULL && buffer->numbers != NULL && buffer->keys != NULL &&
        buffer->ids != NULL && buffer->holds != NULL)
        return true;
    wants_buffer_close(buffer);
    return false;
}

void wants_buffer_close(struct wants_buffer *buffer) {
    free(buffer->accounts);
    free(buffer->numbers);
    free(buffer->keys);
    free(buffer->ids);
    free(buffer->holds);
    *buffer = (struct wants_buffer){0};
}

void wants_buffer_clear(struct wants_buffer *buffer) {
    buffer->view = (struct wants){
        .accounts = buffer->accounts,
        .numbers = buffer->numbers,
        .keys = buffer->keys,
        .ids = buffer->ids,
        .holds = buffer->holds,
    };
}

bool wants_buffer_empty(const struct wants_buffer *buffer) {
    const struct wants *view = &buffer->view;
    return view->accounts_count + view->numbers_count + view->keys_count + view->ids_count +
                   view->holds_count ==
               0 &&
           !view->due;
}

bool wants_buffer_has_room(const struct wants_buffer *buffer) {
    const struct wants *view = &buffer->view;
    return view->accounts_count < buffer->records && view->keys_count < buffer->records &&
           view->ids_count < WANTS_IDS_MAX &&
           view->holds_count + COMMAND_GROUP_MAX <= buffer->holds_capacity;
}

void wants_add_account(struct wants_buffer *buffer, const struct ident *id) {
    CHECK(buffer->view.accounts_count < buffer->records);
    buffer->accounts[buffer->view.accounts_count++] = *id;
}

void wants_add_number(struct wants_buffer *buffer, int64_t number) {
    for (size_t i = 0; i < buffer->view.numbers_count; i++)
        if (buffer->numbers[i] == number)
            return;
    CHECK(buffer->view.numbers_count < WANTS_DUE_MAX);
    buffer->numbers[buffer->view.numbers_count++] = number;
}

void wants_add_key(struct wants_buffer *buffer, const struct journal_key *key) {
    CHECK(buffer->view.keys_count < buffer->records);
    buffer->keys[buffer->view.keys_count++] = *key;
}

void wants_add_id(struct wants_buffer *buffer, const struct uuid *id) {
    CHECK(buffer->view.ids_count < WANTS_IDS_MAX);
    buffer->ids[buffer->view.ids_count++] = *id;
}

void wants_add_hold(struct wants_buffer *buffer, const struct uuid *id) {
    CHECK(buffer->view.holds_count < buffer->holds_capacity);
    buffer->holds[buffer->view.holds_count++] = *id;
}

void wants_set_due(struct wants_buffer *buffer, int64_t due_ms) {
    buffer->view.due = true;
    buffer->view.due_ms = due_ms;
}
