#include "common/json_path.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LEVELS = 3, NAME_SHOWN = 32 };

struct level {
    bool is_object;
    bool has_key;
    struct slice key; /* of the current member of an object */
    unsigned index;   /* of the current element of an array */
};

struct scan {
    struct level levels[LEVELS];
    size_t depth;     /* may be beyond LEVELS */
    uint8_t previous; /* the last byte that was neither blank nor inside a string */
};

static struct level *current(struct scan *scan) {
    return scan->depth >= 1 && scan->depth <= LEVELS ? &scan->levels[scan->depth - 1] : NULL;
}

/* Returns the position behind the closing quote of the string that opens at `start`. */
static size_t string_end(struct slice json, size_t start, size_t end) {
    size_t i = start + 1;
    while (i < end && json.at[i] != '"') {
        i += json.at[i] == '\\' ? 2 : 1;
    }
    return i + 1 < end ? i + 1 : end;
}

static void note_key(struct scan *scan, struct slice json, size_t start, size_t end) {
    struct level *level = current(scan);
    if (level != NULL && level->is_object && (scan->previous == '{' || scan->previous == ',')) {
        size_t close = end - start >= 2 && json.at[end - 1] == '"' ? end - 1 : end;
        level->key = (struct slice){.at = json.at + start + 1, .len = close - start - 1};
        level->has_key = true;
    }
}

static void note_byte(struct scan *scan, uint8_t byte) {
    if (byte == '{' || byte == '[') {
        scan->depth++;
        if (current(scan) != NULL) {
            *current(scan) = (struct level){.is_object = byte == '{'};
        }
    } else if (byte == '}' || byte == ']') {
        scan->depth -= scan->depth > 0;
    } else if (byte == ',' && current(scan) != NULL) {
        current(scan)->index++;
    }
    if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') {
        scan->previous = byte;
    }
}

void json_path_add_name(char *path, size_t room, const char *name, size_t len) {
    size_t used = strlen(path);
    for (size_t i = 0; i < len && i < NAME_SHOWN && used + 1 < room; i++) {
        path[used++] = name[i] >= 0x20 && name[i] < 0x7f ? name[i] : '?';
    }
    path[used] = '\0';
}

static void add_level(char *path, const struct level *level) {
    size_t used = strlen(path);
    if (!level->is_object) {
        snprintf(path + used, JSON_PATH_MAX - used, "[%u]", level->index);
    } else if (level->has_key) {
        snprintf(path + used, JSON_PATH_MAX - used, "%s", used > 0 ? "." : "");
        json_path_add_name(path, JSON_PATH_MAX, (const char *)level->key.at, level->key.len);
    }
}

bool json_path_at(struct slice json, size_t position, char path[JSON_PATH_MAX]) {
    struct scan scan = {.depth = 0};
    size_t end = position < json.len ? position : json.len;
    for (size_t i = 0; i < end;) {
        if (json.at[i] == '"') {
            size_t behind = string_end(json, i, end);
            note_key(&scan, json, i, behind);
            scan.previous = '"';
            i = behind;
        } else {
            note_byte(&scan, json.at[i++]);
        }
    }
    path[0] = '\0';
    if (scan.depth == 0 || !scan.levels[0].is_object || !scan.levels[0].has_key) {
        return false;
    }
    for (size_t i = 0; i < scan.depth && i < LEVELS; i++) {
        add_level(path, &scan.levels[i]);
    }
    return true;
}
