/* The race lab's page, opened in a real browser. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define PATH_SIZE 256
#define LAB_TIMEOUT_MS 100000
#define BROWSER_TIMEOUT_MS 60000
#define PHONE "390,844"

/* What the page is asked once it is drawn; the answer becomes its title. */
#define PROBE                                                                                      \
    "<script>addEventListener('load', () => { const count = (what) => "                            \
    "document.querySelectorAll(what).length; document.title = JSON.stringify({"                    \
    "wide: document.documentElement.scrollWidth > innerWidth, "                                    \
    "fetched: performance.getEntriesByType('resource').length, "                                   \
    "rows: count('.board tbody tr'), wrong: count('.board .wrong'), "                              \
    "exact: count('.board .exact'), "                                                              \
    "marks: [...document.querySelectorAll('svg circle')]"                                          \
    ".filter((mark) => mark.getBoundingClientRect().width > 0).length}); });</script>"

struct lab {
    char directory[PATH_SIZE];
    char page[PATH_SIZE + 16];
    int status;
};

static void run_lab(struct lab *lab) {
    char program[PROGRAM_PATH_MAX];
    (void)snprintf(lab->directory, sizeof lab->directory, "/tmp/teller-page-XXXXXX");
    must(mkdtemp(lab->directory) != NULL, "no directory in /tmp");
    (void)snprintf(lab->page, sizeof lab->page, "%s/index.html", lab->directory);
    program_path("tests/race-lab", program);
    const char *const argv[] = {program, "--smoke",      "--scenario", "hot",
                                "--out", lab->directory, NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, LAB_TIMEOUT_MS);
    lab->status = captured.status;
    captured_close(&captured);
}

static void remove_lab(const struct lab *lab) {
    const char *const argv[] = {"rm", "-rf", lab->directory, NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, LAB_TIMEOUT_MS);
    captured_close(&captured);
}

static void append_probe(const struct lab *lab) {
    FILE *file = fopen(lab->page, "a");
    must(file != NULL && fputs(PROBE, file) >= 0 && fclose(file) == 0, "cannot write %s",
         lab->page);
}

/* The page's document as the browser has it, on a phone's screen. */
static void browse(const struct lab *lab, struct captured *document) {
    char profile[PATH_SIZE + 32];
    char url[PATH_SIZE + 32];
    (void)snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", lab->directory);
    (void)snprintf(url, sizeof url, "file://%s", lab->page);
    const char *const argv[] = {"chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--window-size=" PHONE,
                                profile,
                                "--dump-dom",
                                url,
                                NULL};
    captured_run(document, &(struct process_plan){.argv = argv}, NULL, BROWSER_TIMEOUT_MS);
    must(document->status == 0, "chromium ended with %d: %s", document->status, document->err);
}

Test(race_page, test_lab_sees_naive_code_lose_and_ends_with_zero, .timeout = 120) {
    struct lab lab;
    run_lab(&lab);
    cr_expect_eq(lab.status, 0);
    remove_lab(&lab);
}

Test(race_page, test_page_is_drawn_on_a_phone_from_one_file, .timeout = 180) {
    struct lab lab;
    struct captured document;
    run_lab(&lab);
    append_probe(&lab);
    browse(&lab, &document);
    cr_expect_not_null(strstr(document.out, "<title>{\"wide\":false,\"fetched\":0,\"rows\":2,"
                                            "\"wrong\":1,\"exact\":1,\"marks\":4}</title>"),
                       "%.2000s", document.out);
    captured_close(&document);
    remove_lab(&lab);
}
