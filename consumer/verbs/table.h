/* Rows for people (a table, libsmartcols) or for programs (an array of JSON objects). */
#ifndef TELLER_VERBS_TABLE_H
#define TELLER_VERBS_TABLE_H

#include <stdbool.h>

#include "common/strbuf.h"

struct table_column {
    const char *title; /* of the table */
    const char *key;   /* of the JSON member */
    bool number;       /* to the right; in JSON a number, null where the cell is "" */
};

struct table {
    const struct table_column *columns;
    int columns_count;
    bool json;
    int rows;
    void *grid; /* libsmartcols' */
    struct strbuf items;
};

/* Aborts when out of memory. To be closed. */
void table_init(struct table *table, const struct table_column *columns, int count, bool json);
void table_close(struct table *table);

/* One cell per column. */
void table_add(struct table *table, const char *const *cells);

/* On stdout; in JSON as {"v":1,"NAME":[...]}. */
void table_print(struct table *table, const char *name);

#endif
