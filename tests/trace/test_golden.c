/* Golden traces: each tests/trace/<name>.golden is a script and its whole story. Lines that start
 * with "> " are what happens to the lane; the lines behind each are what the lane does. The story
 * is told again and compared as a whole. TRACE_UPDATE=1 writes the files anew: read the diff. */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/strbuf.h"
#include "tests/fakes/world.h"

static void read_file(const char *path, struct strbuf *text) {
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    char chunk[4096];
    for (size_t n = fread(chunk, 1, sizeof chunk, file); n > 0;
         n = fread(chunk, 1, sizeof chunk, file)) {
        strbuf_add(text, chunk, n);
    }
    fclose(file);
}

/* Runs every script line of the file, and writes script and story together again. */
static void tell(const char *golden, struct strbuf *story) {
    struct world *world = world_new();
    for (const char *line = golden; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        if (line[0] == '#' || len == 0) {
            strbuf_add(story, line, len);
            strbuf_add_char(story, '\n');
        } else if (line[0] == '>') {
            strbuf_add(story, line, len);
            strbuf_add_char(story, '\n');
            char script[1024];
            snprintf(script, sizeof script, "%.*s", (int)len - 2, line + 2);
            world_do(world, script, story);
        }
        line += line[len] == '\n' ? len + 1 : len;
    }
    world_free(world);
}

static void check_golden(const char *path) {
    struct strbuf golden = STRBUF_INIT;
    struct strbuf story = STRBUF_INIT;
    read_file(path, &golden);
    tell(golden.text, &story);
    if (getenv("TRACE_UPDATE") != NULL) {
        FILE *file = fopen(path, "w");
        cr_assert(fwrite(story.text, 1, story.len, file) == story.len && fclose(file) == 0);
    } else {
        cr_expect_str_eq(story.text, golden.text, "%s tells another story:\n%s", path, story.text);
    }
    strbuf_close(&golden);
    strbuf_close(&story);
}

Test(golden, test_every_trace_tells_its_story) {
    glob_t found;
    cr_assert_eq(glob("tests/trace/*.golden", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_golden(found.gl_pathv[i]);
    }
    globfree(&found);
}
