#include "consumer/verbs/table.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"

static void make_grid(struct table *table) {
    struct libscols_table *grid = scols_new_table();
    CHECK(grid != NULL);
    for (int i = 0; i < table->columns_count; i++) {
        const struct table_column *column = &table->columns[i];
        const int flags = column->number ? SCOLS_FL_RIGHT : 0;
        CHECK(scols_table_new_column(grid, column->title, 0, flags) != NULL);
    }
    table->grid = grid;
}

void table_init(struct table *table, const struct table_column *columns, int count, bool json) {
    *table = (struct table){
        .columns = columns, .columns_count = count, .json = json, .items = STRBUF_INIT};
    if (!json) {
        scols_init_debug(0);
        make_grid(table);
    }
}

void table_close(struct table *table) {
    if (table->grid != NULL) {
        scols_unref_table(table->grid);
    }
    strbuf_close(&table->items);
}

static void add_line(struct table *table, const char *const *cells) {
    struct libscols_line *line = scols_table_new_line(table->grid, NULL);
    CHECK(line != NULL);
    for (int i = 0; i < table->columns_count; i++) {
        CHECK(scols_line_set_data(line, (size_t)i, cells[i]) == 0);
    }
}

static void add_member(struct table *table, const struct table_column *column, const char *cell) {
    strbuf_printf(&table->items, "\"%s\":", column->key);
    if (!column->number) {
        strbuf_add_json_string(&table->items, cell, strlen(cell));
    } else {
        strbuf_add_text(&table->items, cell[0] == '\0' ? "null" : cell);
    }
}

static void add_object(struct table *table, const char *const *cells) {
    strbuf_add_text(&table->items, table->rows > 0 ? ",{" : "{");
    for (int i = 0; i < table->columns_count; i++) {
        if (i > 0) {
            strbuf_add_char(&table->items, ',');
        }
        add_member(table, &table->columns[i], cells[i]);
    }
    strbuf_add_char(&table->items, '}');
}

void table_add(struct table *table, const char *const *cells) {
    if (table->json) {
        add_object(table, cells);
    } else {
        add_line(table, cells);
    }
    table->rows++;
}

void table_print(struct table *table, const char *name) {
    CHECK(!table->items.failed);
    if (table->json) {
        printf("{\"v\":1,\"%s\":[%s]}\n", name, table->rows > 0 ? table->items.text : "");
    } else if (table->rows > 0) {
        (void)scols_print_table(table->grid);
    }
}
