#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/rt/options.h"
#include "tests/harness/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
const char *__asan_default_options(void);

/* Texts of a settings file live until the process ends, by contract: they are no leaks. */
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}

struct values {
    const char *config;
    bool flag;
    int64_t number;
    const char *text;
    struct option_list items;
};

#define AT(field) offsetof(struct values, field)
static const struct option table[] = {
    {"config", 0, OPTION_TEXT, AT(config), "FILE", NULL, NULL, 0, 0, false, "Settings"},
    {"flag", 0, OPTION_FLAG, AT(flag), NULL, NULL, NULL, 0, 0, false, "A flag"},
    {"number", 0, OPTION_INT, AT(number), "N", NULL, "5", -1, 10, false, "A number"},
    {"text", 0, OPTION_TEXT, AT(text), "WORD", NULL, NULL, 0, 0, false, "A text"},
    {"item", 0, OPTION_LIST, AT(items), "K=V", NULL, NULL, 0, 0, false, "Repeatable"},
};
enum { COUNT = sizeof table / sizeof table[0] };

static void write_file(const char *path, const uint8_t *bytes, size_t len) {
    FILE *file = fopen(path, "w");
    must(file != NULL && fwrite(bytes, 1, len, file) == len && fclose(file) == 0, "%s", path);
}

/* Any bytes as a settings file: values within bounds, or an error of usage that says something. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/teller-fuzz-options-%ld", (long)getpid());
    write_file(path, bytes, len);
    struct values values = {.flag = false};
    struct err err = ERR_INIT;
    int operands;
    char *argv[] = {(char[]){"program"}, (char[]){"--config"}, path, NULL};
    if (options_parse(table, COUNT, 3, argv, &values, NULL, &operands, &err)) {
        must(values.number >= -1 && values.number <= 10, "%lld", (long long)values.number);
        must(values.items.count >= 0 && values.items.count <= OPTION_LIST_MAX, "items");
        must(values.config == path, "another file");
    } else {
        must(err.kind == ERR_USAGE && err.text[0] != '\0', "kind %d: %s", (int)err.kind, err.text);
    }
    unlink(path);
    return 0;
}
