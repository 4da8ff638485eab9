#include "common/rt/options.h"

/* getopt.h has a `struct option` of its own. */
#define option getopt_option
#include <getopt.h>
#undef option
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/money.h"
#include "common/rt/options_file.h"
#include "common/suggest.h"

enum { TABLE_MAX = 64, FIRST_LONG = 256 };

static void *field_of(const struct option_set *set, int i) {
    return (char *)set->values + set->table[i].offset;
}

static bool refuse_value(const struct option *option, const char *text, const char *must,
                         struct err *err) {
    return err_set(err, ERR_USAGE, "%s: must be %s%s%s", option->name, must,
                   option->secret ? "" : ", not ", option->secret ? "" : text);
}

static bool set_flag(const struct option *option, bool *flag, const char *text, struct err *err) {
    static const char *const yes[] = {"true", "yes", "on", "1"};
    static const char *const no[] = {"false", "no", "off", "0"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *flag = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return refuse_value(option, text, "true or false", err);
}

static bool set_int(const struct option *option, int64_t *number, const char *text,
                    struct err *err) {
    int64_t read;
    if (!money_parse(text, strlen(text), &read) || read < option->low || read > option->high) {
        char must[80];
        snprintf(must, sizeof must, "an integer, %lld .. %lld", (long long)option->low,
                 (long long)option->high);
        return refuse_value(option, text, must, err);
    }
    *number = read;
    return true;
}

/* Items of a later source take the place of all those of an earlier one. */
static bool add_item(const struct option *option, struct option_list *list, const char *text,
                     bool is_new_source, struct err *err) {
    if (is_new_source) {
        list->count = 0;
    }
    if (list->count == OPTION_LIST_MAX) {
        return err_set(err, ERR_USAGE, "%s: given more than %d times", option->name,
                       OPTION_LIST_MAX);
    }
    list->items[list->count++] = text;
    return true;
}

bool options_file_set(const struct option_set *set, int i, const char *text,
                      enum option_origin origin, struct err *err) {
    const struct option *option = &set->table[i];
    if (origin < set->origins[i]) {
        return true; /* a source that counts for more has spoken */
    }
    bool is_new_source = set->origins[i] != origin;
    set->origins[i] = origin;
    void *field = field_of(set, i);
    switch (option->kind) {
    case OPTION_FLAG: return set_flag(option, field, text, err);
    case OPTION_INT: return set_int(option, field, text, err);
    case OPTION_LIST: return add_item(option, field, text, is_new_source, err);
    case OPTION_TEXT: *(const char **)field = text; return true;
    }
    return false;
}

int options_file_find(const struct option_set *set, const char *name) {
    for (int i = 0; i < set->count; i++) {
        if (strcmp(set->table[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *options_file_suggest(const struct option_set *set, const char *name) {
    const char *names[TABLE_MAX];
    for (int i = 0; i < set->count; i++) {
        names[i] = set->table[i].name;
    }
    return suggest_word(name, names, (size_t)set->count);
}

static bool set_defaults(const struct option_set *set, struct err *err) {
    for (int i = 0; i < set->count; i++) {
        const char *initial = set->table[i].initial;
        if (initial != NULL && !options_file_set(set, i, initial, ORIGIN_DEFAULT, err)) {
            return err_context(err, "default");
        }
    }
    return true;
}

/* An empty variable is one that is not set, as PostgreSQL's programs have it. */
static bool set_from_environment(const struct option_set *set, struct err *err) {
    for (int i = 0; i < set->count; i++) {
        const char *name = set->table[i].env;
        const char *text = name == NULL ? NULL : getenv(name);
        if (text != NULL && text[0] != '\0' && !options_file_set(set, i, text, ORIGIN_ENV, err)) {
            return err_context(err, "%s", name);
        }
    }
    return true;
}

static bool refuse_word(const struct option_set *set, const char *word, struct err *err) {
    char name[SUGGEST_WORD_MAX + 1];
    snprintf(name, sizeof name, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *near = options_file_suggest(set, name);
    if (near == NULL) {
        return err_set(err, ERR_USAGE, "unknown option %s", word);
    }
    return err_set(err, ERR_USAGE, "unknown option %s; did you mean --%s?", word, near);
}

/* The table as getopt_long wants it; the leading colon makes it tell a missing argument apart. */
struct getopt_view {
    char letters[2 + 2 * TABLE_MAX];
    struct getopt_option rows[TABLE_MAX + 1];
};

static void make_view(const struct option_set *set, struct getopt_view *view) {
    char *letter = view->letters;
    *letter++ = ':';
    for (int i = 0; i < set->count; i++) {
        const struct option *option = &set->table[i];
        bool has_argument = option->kind != OPTION_FLAG;
        view->rows[i] = (struct getopt_option){
            .name = option->name, .has_arg = has_argument, .val = FIRST_LONG + i};
        if (option->letter != 0) {
            *letter++ = option->letter;
            if (has_argument) {
                *letter++ = ':';
            }
        }
    }
    *letter = '\0';
    view->rows[set->count] = (struct getopt_option){.name = NULL};
}

static int index_of(const struct option_set *set, int found) {
    for (int i = 0; i < set->count && found < FIRST_LONG; i++) {
        if (set->table[i].letter == found) {
            return i;
        }
    }
    return found - FIRST_LONG;
}

static bool refuse_argument(const struct option_set *set, int found, char **argv,
                            struct err *err) {
    const char *word = argv[optind - 1];
    if (found == ':') {
        int i = index_of(set, optopt);
        return err_set(err, ERR_USAGE, "--%s needs an argument: %s", set->table[i].name,
                       set->table[i].argument);
    }
    if (optopt >= FIRST_LONG) {
        return err_set(err, ERR_USAGE, "%s: this option takes no argument", word);
    }
    if (optopt != 0) {
        return err_set(err, ERR_USAGE, "unknown option -%c", optopt);
    }
    return refuse_word(set, word, err);
}

static bool set_from_arguments(const struct option_set *set, int argc, char **argv,
                               struct err *err) {
    struct getopt_view view;
    make_view(set, &view);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    int found;
    while ((found = getopt_long(argc, argv, view.letters, view.rows, NULL)) != -1) {
        if (found == '?' || found == ':') {
            return refuse_argument(set, found, argv, err);
        }
        int i = index_of(set, found);
        const char *text = set->table[i].kind == OPTION_FLAG ? "true" : optarg;
        if (!options_file_set(set, i, text, ORIGIN_FLAG, err)) {
            return err_context(err, "--%s", set->table[i].name);
        }
    }
    return true;
}

/* Read last, since its name may come from the others, which count for more. */
static bool set_from_file(const struct option_set *set, struct err *err) {
    int i = options_file_find(set, "config");
    const char *path = i < 0 ? NULL : *(const char **)field_of(set, i);
    return path == NULL || options_file_read(set, path, err);
}

bool options_parse(const struct option *table, int count, int argc, char **argv, void *values,
                   enum option_origin *origins, int *operands, struct err *err) {
    CHECK(count <= TABLE_MAX);
    enum option_origin own_origins[TABLE_MAX];
    const struct option_set set = {.table = table, .count = count, .values = values,
                                   .origins = origins != NULL ? origins : own_origins};
    for (int i = 0; i < count; i++) {
        set.origins[i] = ORIGIN_DEFAULT;
    }
    if (!set_defaults(&set, err) || !set_from_environment(&set, err) ||
        !set_from_arguments(&set, argc, argv, err) || !set_from_file(&set, err)) {
        return false;
    }
    *operands = optind;
    return true;
}

enum { HELP_INDENT = 28, HELP_WIDTH = 80 };

/* Breaks at blanks, and goes on below the first line. */
static void print_wrapped(const char *text, FILE *out) {
    size_t room = HELP_WIDTH - HELP_INDENT;
    while (strlen(text) > room) {
        size_t end = room;
        while (end > 0 && text[end] != ' ') {
            end--;
        }
        end = end == 0 ? room : end;
        fprintf(out, "%.*s\n%*s", (int)end, text, HELP_INDENT, "");
        text += end + strspn(text + end, " ");
    }
    fprintf(out, "%s\n", text);
}

static void print_option(const struct option *option, FILE *out) {
    char head[80];
    char letter[5] = "    ";
    if (option->letter != 0) {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    int len = snprintf(head, sizeof head, "  %s--%s%s%s", letter, option->name,
                       option->argument == NULL ? "" : " ",
                       option->argument == NULL ? "" : option->argument);
    if (len < HELP_INDENT - 1) {
        fprintf(out, "%-*s", HELP_INDENT, head);
    } else {
        fprintf(out, "%s\n%*s", head, HELP_INDENT, "");
    }
    char help[512];
    bool has_default = option->initial != NULL && option->initial[0] != '\0' && !option->secret;
    snprintf(help, sizeof help, "%s%s%s%s%s%s%s", option->help, has_default ? " [" : "",
             has_default ? option->initial : "", has_default ? "]" : "",
             option->env == NULL ? "" : " ($", option->env == NULL ? "" : option->env,
             option->env == NULL ? "" : ")");
    print_wrapped(help, out);
}

void options_help(const struct option *table, int count, FILE *out) {
    for (int i = 0; i < count; i++) {
        print_option(&table[i], out);
    }
}
