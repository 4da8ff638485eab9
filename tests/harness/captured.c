/* Programs that are run to their end, with all they said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define PATH_ROOM 64

/* A file that nobody else knows of; the name stays until it is read. */
static void make_file(char path[PATH_ROOM], const char *content) {
    snprintf(path, PATH_ROOM, "/tmp/teller-test-XXXXXX");
    int fd = mkstemp(path);
    must(fd >= 0, "no temporary file in /tmp");
    size_t len = strlen(content);
    must(write(fd, content, len) == (ssize_t)len, "cannot write %s", path);
    close(fd);
}

static char *take_file(const char *path) {
    FILE *file = fopen(path, "rb");
    must(file != NULL && fseek(file, 0, SEEK_END) == 0, "cannot read %s", path);
    long size = ftell(file);
    must(size >= 0, "cannot read %s", path);
    char *text = malloc((size_t)size + 1);
    must(text != NULL, "out of memory");
    rewind(file);
    size_t got = fread(text, 1, (size_t)size, file);
    text[got] = '\0';
    fclose(file);
    unlink(path);
    return text;
}

void captured_run(struct captured *captured, const struct process_plan *plan, const char *input,
                  int64_t timeout_ms) {
    char in[PATH_ROOM];
    char out[PATH_ROOM];
    char err[PATH_ROOM];
    make_file(in, input != NULL ? input : "");
    make_file(out, "");
    make_file(err, "");
    struct process_plan with_files = *plan;
    with_files.in = in;
    with_files.out = out;
    with_files.err = err;
    struct process process;
    process_start(&process, &with_files);
    bool has_ended = process_wait(&process, timeout_ms);
    if (!has_ended) {
        process_kill(&process);
    }
    *captured = (struct captured){process.status, take_file(out), take_file(err)};
    unlink(in);
    must(has_ended, "%s did not end in %lld ms; it said:\n%s%s", plan->argv[0],
         (long long)timeout_ms, captured->out, captured->err);
}

void captured_close(struct captured *captured) {
    free(captured->out);
    free(captured->err);
    *captured = (struct captured){0, NULL, NULL};
}

void program_path(const char *name, char path[PROGRAM_PATH_MAX]) {
    const char *dir = getenv("TELLER_BIN_DIR");
    if (dir == NULL) {
        dir = getenv("TELLER_BUILD");
    }
    snprintf(path, PROGRAM_PATH_MAX, "%s/%s", dir != NULL ? dir : "build", name);
    must(access(path, X_OK) == 0, "%s is not built", path);
}
