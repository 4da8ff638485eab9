#include "common/kafka/kconf_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/kafka/kconf.h"

enum { LINE_ROOM = 16384, NAME_ROOM = 128 };

bool kconf_file_pair(rd_kafka_conf_t *conf, const char *pair, const char *where, struct err *err) {
    const char *equals = strchr(pair, '=');
    if (equals == NULL || equals == pair) {
        return err_set(err, ERR_USAGE, "%s: not of the form property=value", where);
    }
    size_t len = (size_t)(equals - pair);
    while (len > 0 && isspace((unsigned char)pair[len - 1])) {
        len--;
    }
    char name[NAME_ROOM];
    if (len == 0 || len >= sizeof name) {
        return err_set(err, ERR_USAGE, "%s: not the name of a Kafka property", where);
    }
    memcpy(name, pair, len);
    name[len] = '\0';
    const char *value = equals + 1;
    value += strspn(value, " \t");
    return kconf_set(conf, name, value, err) || err_context(err, "%s", where);
}

static char *trimmed(char *line) {
    line += strspn(line, " \t");
    size_t len = strlen(line);
    while (len > 0 && isspace((unsigned char)line[len - 1])) {
        line[--len] = '\0';
    }
    return line;
}

static bool read_lines(rd_kafka_conf_t *conf, const char *path, FILE *file, struct err *err) {
    static const char too_long[] = "%s line %d: longer than %d bytes";
    char line[LINE_ROOM];
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n') {
            return err_set(err, ERR_USAGE, too_long, path, number, LINE_ROOM - 2);
        }
        char *pair = trimmed(line);
        if (*pair == '\0' || *pair == '#') {
            continue;
        }
        char where[512];
        snprintf(where, sizeof where, "%s line %d", path, number);
        if (!kconf_file_pair(conf, pair, where, err)) {
            return false;
        }
    }
    return !ferror(file) || err_set(err, ERR_USAGE, "%s: %s", path, strerror(errno));
}

bool kconf_file_read(rd_kafka_conf_t *conf, const char *path, struct err *err) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return err_set(err, ERR_USAGE, "%s: %s", path, strerror(errno));
    }
    bool ok = read_lines(conf, path, file, err);
    fclose(file);
    return ok;
}
