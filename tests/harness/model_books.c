#include "tests/harness/model_books.h"
#include "tests/harness/model_steps.h"

#include <stdlib.h>
#include <string.h>

#include "common/partition.h"
#include "tests/harness/must.h"

void *books_new(size_t size) {
    void *memory = calloc(1, size);
    must(memory != NULL, "out of memory");
    return memory;
}

static struct book_key key_of(uint16_t lane, const struct uuid *id) {
    struct book_key key = {{(uint8_t)(lane >> 8), (uint8_t)lane}};
    memcpy(key.bytes + 2, id->bytes, sizeof id->bytes);
    return key;
}

uint16_t books_lane_of(const struct model *model, const char *name) {
    return partition_of(name, strlen(name), model->lanes_count);
}

struct book_entry *books_entry(const struct model *model, uint16_t lane, const struct uuid *id) {
    struct book_key key = key_of(lane, id);
    struct book_entry *entry = NULL;
    HASH_FIND(hh, model->entries, &key, sizeof key, entry);
    return entry;
}

struct book_entry *books_add_entry(struct model *model, uint16_t lane, const struct uuid *id) {
    struct book_entry *entry = books_new(sizeof *entry);
    entry->key = key_of(lane, id);
    HASH_ADD(hh, model->entries, key, sizeof entry->key, entry);
    return entry;
}

struct book_account *books_account(const struct model *model, const char *name) {
    struct book_account *account = NULL;
    HASH_FIND_STR(model->accounts, name, account);
    return account;
}

struct book_account *books_open(struct model *model, const char *name) {
    struct book_account *account = books_new(sizeof *account);
    must(ident_parse(name, strlen(name), &account->shown.name), "%s is no name", name);
    HASH_ADD_STR(model->accounts, shown.name.text, account);
    return account;
}

struct book_product *books_product(const struct model *model, const char *name) {
    struct book_product *product = NULL;
    HASH_FIND_STR(model->products, name, product);
    return product;
}

struct book_product *books_add_product(struct model *model, const char *name) {
    struct book_product *product = books_new(sizeof *product);
    must(ident_parse(name, strlen(name), &product->shown.name), "%s is no name", name);
    HASH_ADD_STR(model->products, shown.name.text, product);
    return product;
}

static struct book_rows *find_rows(const struct model *model, const struct book_key *key) {
    struct book_rows *rows = NULL;
    HASH_FIND(hh, model->rows, key, sizeof *key, rows);
    return rows;
}

struct book_row *books_rows(const struct model *model, uint16_t lane, const struct uuid *id) {
    struct book_key key = key_of(lane, id);
    struct book_rows *rows = find_rows(model, &key);
    return rows != NULL ? rows->first : NULL;
}

void books_note(struct model *model, const struct uuid *id, const struct book_row *row) {
    struct book_key key = key_of(model->lane, id);
    struct book_rows *rows = find_rows(model, &key);
    if (row->account == NULL) {
        return;
    }
    if (rows == NULL) {
        rows = books_new(sizeof *rows);
        rows->key = key;
        HASH_ADD(hh, model->rows, key, sizeof rows->key, rows);
    }
    struct book_row *copy = books_new(sizeof *copy);
    *copy = *row;
    copy->next = rows->first;
    rows->first = copy;
}

static void set_leg_key(struct book_leg *leg) {
    uint32_t step = (uint32_t)leg->step;
    memcpy(leg->key, leg->body.id.bytes, 16);
    leg->key[16] = (uint8_t)(leg->origin >> 8);
    leg->key[17] = (uint8_t)leg->origin;
    for (int i = 0; i < 4; i++) {
        leg->key[18 + i] = (uint8_t)(step >> (24 - 8 * i));
    }
}

struct book_leg *books_leg(const struct model *model, const struct book_leg *like) {
    struct book_leg wanted = *like;
    struct book_leg *leg = NULL;
    set_leg_key(&wanted);
    HASH_FIND(hh, model->legs, wanted.key, sizeof wanted.key, leg);
    return leg;
}

void books_add_leg(struct model *model, const struct book_leg *leg) {
    must(books_leg(model, leg) == NULL, "the model sends a leg twice");
    struct book_leg *copy = books_new(sizeof *copy);
    *copy = *leg;
    copy->is_taken = false; /* that it was made from another one does not matter */
    set_leg_key(copy);
    HASH_ADD(hh, model->legs, key, sizeof copy->key, copy);
}

static void free_rows(struct book_rows *rows) {
    for (struct book_row *row = rows->first; row != NULL;) {
        struct book_row *next = row->next;
        free(row);
        row = next;
    }
    free(rows);
}

static void free_product(struct book_product *product) {
    struct book_buyer *buyer = NULL;
    struct book_buyer *next_buyer = NULL;
    HASH_ITER(hh, product->buyers, buyer, next_buyer) {
        HASH_DEL(product->buyers, buyer);
        free(buyer);
    }
    for (struct book_subscription *row = product->first; row != NULL;) {
        struct book_subscription *next = row->next;
        free(row);
        row = next;
    }
    free(product);
}

static void free_lane(struct model_lane *lane) {
    for (struct book_record *record = lane->waiting; record != NULL;) {
        struct book_record *next = record->next;
        json_decref(record->json);
        free(record);
        record = next;
    }
    free(lane->verdicts);
}

/* Takes every element out of one of the tables and frees it. */
#define EMPTY(type, table, release)                                                                \
    do {                                                                                           \
        struct type *item = NULL;                                                                  \
        struct type *next_item = NULL;                                                             \
        HASH_ITER(hh, table, item, next_item) {                                                    \
            HASH_DEL(table, item);                                                                 \
            release(item);                                                                         \
        }                                                                                          \
    } while (0)

void books_close(struct model *model) {
    EMPTY(book_account, model->accounts, free);
    EMPTY(book_entry, model->entries, free);
    EMPTY(book_rows, model->rows, free_rows);
    EMPTY(book_product, model->products, free_product);
    EMPTY(book_leg, model->legs, free);
    for (uint16_t lane = 0; lane < model->lanes_count; lane++) {
        free_lane(&model->lanes[lane]);
    }
}

bool field_has(const json_t *command, const char *field) {
    return json_object_get(command, field) != NULL;
}

const char *field_text(const json_t *command, const char *field) {
    const char *value = json_string_value(json_object_get(command, field));
    must(value != NULL, "the model needs a text in %s", field);
    return value;
}

int64_t field_number(const json_t *command, const char *field, int64_t missing) {
    const json_t *value = json_object_get(command, field);
    if (json_is_string(value)) {
        return strtoll(json_string_value(value), NULL, 10);
    }
    return value != NULL ? (int64_t)json_integer_value(value) : missing;
}

struct uuid field_id(const json_t *command, const char *field) {
    struct uuid id;
    must(uuid_parse(field_text(command, field), UUID_TEXT_LEN, &id), "%s is no id", field);
    return id;
}

struct ident field_ident(const json_t *command, const char *field) {
    struct ident ident = {.len = 0};
    if (field_has(command, field)) {
        const char *text = field_text(command, field);
        must(ident_parse(text, strlen(text), &ident), "%s is no name", text);
    }
    return ident;
}
