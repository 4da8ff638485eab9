/* tellerd secret: carries the secrets that sign legs from one database server to another. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/secret_text.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

static const char *const options[] = {"file", "db", "db-admin", "config", NULL};

static const struct verb verb = {
    .name = "secret",
    .usage = "export|import [--file FILE] [OPTION]...",
    .about =
        "Writes all secrets of the ledger as text, or adds those of such a text. Every database\n"
        "server of a ledger needs the same ones. Secrets are never taken away: old legs stay\n"
        "in the log. An export is made readable for you only; keep it like a password.\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
};

static bool is_standard(const char *file) {
    return strcmp(file, "-") == 0;
}

/* ---- export ---- */

/* A new file, so that nobody's permissions are inherited. */
static FILE *create_private(const char *file, struct err *err) {
    const int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (out == NULL) {
        (void)err_set(err, ERR_USAGE, "%s: cannot be created (it must not exist yet): %m", file);
    }
    return out;
}

static bool write_secrets(const struct leg_secrets *secrets, const char *file, struct err *err) {
    FILE *out = is_standard(file) ? stdout : create_private(file, err);
    if (out == NULL) {
        return false;
    }
    for (int i = 0; i < secrets->count; i++) {
        char line[SECRET_LINE_MAX];
        secret_format(&secrets->items[i], line);
        fprintf(out, "%s\n", line);
    }
    const bool written =
        fflush(out) == 0 && ferror(out) == 0 && (is_standard(file) || fsync(fileno(out)) == 0);
    const int why = errno;
    if (!is_standard(file)) {
        (void)fclose(out);
    }
    return written || err_set(err, ERR_USAGE, "%s: cannot be written: %s", file, strerror(why));
}

static bool export_secrets(const struct verb_settings *settings, struct err *err) {
    struct leg_secrets secrets = {.count = 0};
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = verb_reader(settings, err);
    if (conn == NULL) {
        return false;
    }
    const enum pg_answer answer = pg_schema_secrets(conn, &secrets, &failure);
    pg_conn_close(conn);
    if (answer != PG_DONE) {
        *err = failure.err;
        return false;
    }
    return write_secrets(&secrets, settings->file, err);
}

/* ---- import ---- */

static bool take_line(const char *line, struct leg_secrets *secrets, struct err *err) {
    if (line[0] == '#' || line[0] == '\n') {
        return true;
    }
    if (secrets->count == LEG_SECRETS_MAX) {
        return err_set(err, ERR_DATA, "more than %d secrets", LEG_SECRETS_MAX);
    }
    /* the line itself is not shown: it may be half a secret */
    return secret_parse(line, &secrets->items[secrets->count++]) ||
           err_set(err, ERR_DATA, "not a secret");
}

/* Lines of any length: a comment may be longer than every secret. */
static bool read_lines(FILE *in, const char *file, struct leg_secrets *secrets, struct err *err) {
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    for (int number = 1; fine && getline(&line, &room, in) >= 0; number++) {
        fine = take_line(line, secrets, err) || err_context(err, "%s, line %d", file, number);
    }
    const int why = errno;
    free(line);
    if (fine && (feof(in) == 0 || ferror(in) != 0)) {
        return err_set(err, ERR_USAGE, "%s: cannot be read: %s", file, strerror(why));
    }
    return fine && (secrets->count > 0 || err_set(err, ERR_DATA, "%s: no secrets in it", file));
}

static bool read_secrets(const char *file, struct leg_secrets *secrets, struct err *err) {
    FILE *in = is_standard(file) ? stdin : fopen(file, "r");
    if (in == NULL) {
        return err_set(err, ERR_USAGE, "%s: cannot be read: %m", file);
    }
    const bool fine = read_lines(in, file, secrets, err);
    if (!is_standard(file)) {
        (void)fclose(in);
    }
    return fine;
}

static bool add_all(struct pg_conn *conn, const struct leg_secrets *secrets, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    for (int i = 0; i < secrets->count; i++) {
        if (pg_schema_add_secret(conn, &secrets->items[i], &failure) != PG_DONE) {
            *err = failure.err;
            return err_context(err, "key id %" PRIu32, secrets->items[i].key_id);
        }
    }
    printf("the ledger has these %d secrets\n", secrets->count);
    return true;
}

static bool import_secrets(const struct verb_settings *settings, struct err *err) {
    struct leg_secrets secrets = {.count = 0};
    if (!read_secrets(settings->file, &secrets, err)) {
        return false;
    }
    struct pg_conn *conn = verb_admin(settings, err);
    const bool fine = conn != NULL && add_all(conn, &secrets, err);
    pg_conn_close(conn);
    return fine;
}

int verb_secret(int argc, char **argv) {
    int code = 0;
    int operand = argc;
    bool fine;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    if (!verb_start(&verb, argc, argv, &settings, &operand, &code)) {
        return code;
    }
    if (strcmp(argv[operand], "export") == 0) {
        fine = export_secrets(&settings, &err);
    } else if (strcmp(argv[operand], "import") == 0) {
        fine = import_secrets(&settings, &err);
    } else {
        fine = err_set(&err, ERR_USAGE, "%s: neither export nor import", argv[operand]);
    }
    return fine ? 0 : verb_fail(&verb, &err);
}
