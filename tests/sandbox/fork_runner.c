/* Runs Criterion's tests without Criterion's runner, for builds with ThreadSanitizer.
 *
 * That runner hands each test a memory arena at an address of its choice, which lies where
 * ThreadSanitizer keeps its shadow: it gives up, or crashes. Here each test is a plain fork. The
 * functions named criterion_... and cri_... are what Criterion's macros call; defined in the
 * program, they come before those of the library.
 *
 * Options: --tap=FILE, --filter SUITE/TEST with wildcards; --jobs N is accepted, N is 1. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <fnmatch.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_FAILED = 1, STATUS_SKIPPED = 99, TIMEOUT_DEFAULT_S = 600 };

struct expectation {
    int signal;
    int exit_code;
};

extern struct criterion_test *__start_cr_tst[];
extern struct criterion_test *__stop_cr_tst[];
extern struct criterion_suite *__start_cr_sts[] __attribute__((weak));
extern struct criterion_suite *__stop_cr_sts[] __attribute__((weak));

/* Of the one test that this process runs. */
static bool has_failed;
static void *parameter; /* NULL: it has none */

void criterion_send_assert(struct criterion_assert_stats *stats) {
    has_failed = true;
    fprintf(stderr, "%s:%u: %s\n", stats->file, stats->line, stats->message);
}

void criterion_abort_test(void) {
    exit(STATUS_FAILED);
}

void criterion_continue_test(void) {
}

void criterion_skip_test(const char *format, ...) {
    (void)format;
    exit(STATUS_SKIPPED);
}

void cri_asserts_passed_incr(void) {
}

void criterion_internal_test_setup(void) {
}

void criterion_internal_test_main(void (*test)(void)) {
    if (parameter != NULL) {
        ((void (*)(void *))test)(parameter);
    } else {
        test();
    }
}

void cr_log(enum criterion_severity severity, const char *message, ...) {
    (void)severity;
    va_list arguments;
    va_start(arguments, message);
    vfprintf(stderr, message, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void criterion_internal_test_teardown(void) {
}

static const struct criterion_test_extra_data *suite_of(const struct criterion_test *test) {
    for (struct criterion_suite **suite = __start_cr_sts; suite < __stop_cr_sts; suite++) {
        if (*suite != NULL && strcmp((*suite)->name, test->category) == 0) {
            return (*suite)->data;
        }
    }
    return test->data;
}

static void call(void (*fixture)(void)) {
    if (fixture != NULL) {
        fixture();
    }
}

_Noreturn static void run_here(const struct criterion_test *test) {
    const struct criterion_test_extra_data *suite = suite_of(test);
    double timeout_s = test->data->timeout > 0 ? test->data->timeout : suite->timeout;
    alarm(timeout_s > 0 ? (unsigned)timeout_s : TIMEOUT_DEFAULT_S);
    call(test->data->init != NULL ? test->data->init : suite->init);
    test->test();
    call(test->data->fini != NULL ? test->data->fini : suite->fini);
    exit(has_failed ? STATUS_FAILED : 0);
}

static const char *verdict_of(int status, struct expectation expected) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIPPED) {
        return "skipped";
    }
    if (WIFSIGNALED(status)) {
        return WTERMSIG(status) == expected.signal ? "passed" : "failed";
    }
    return expected.signal == 0 && WEXITSTATUS(status) == expected.exit_code ? "passed" : "failed";
}

static bool run(const struct criterion_test *test, FILE *tap) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_here(test);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(STATUS_FAILED);
    }
    const struct expectation expected = {test->data->signal, test->data->exit_code};
    const char *verdict = verdict_of(status, expected);
    bool failed = strcmp(verdict, "failed") == 0;
    fprintf(tap, "%s - %s::%s%s\n", failed ? "not ok" : "ok", test->category, test->name,
            strcmp(verdict, "skipped") == 0 ? " # SKIP" : "");
    if (failed) {
        fprintf(stderr, "[FAIL] %s::%s (status %#x)\n", test->category, test->name,
                (unsigned)status);
    }
    return !failed;
}

/* How many failed: a test with parameters is one test for each. */
static int run_each(const struct criterion_test *test, FILE *tap) {
    if (test->data->kind_ != CR_TEST_PARAMETERIZED) {
        parameter = NULL;
        return !run(test, tap);
    }
    int failed = 0;
    struct criterion_test_params all = test->data->param_();
    for (size_t i = 0; i < all.length; i++) {
        parameter = (char *)all.params + i * all.size;
        failed += !run(test, tap);
    }
    if (all.cleanup != NULL) {
        all.cleanup(&all);
    }
    return failed;
}

static bool is_wanted(const struct criterion_test *test, const char *filter) {
    return test != NULL && !test->data->disabled &&
           fnmatch(filter, test->data->identifier_, 0) == 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"tap", required_argument, NULL, 't'},
                                            {"filter", required_argument, NULL, 'f'},
                                            {"jobs", required_argument, NULL, 'j'},
                                            {0}};
    const char *filter = "*";
    const char *path = "/dev/null";
    for (int letter; (letter = getopt_long(argc, argv, "j:", options, NULL)) != -1;) {
        switch (letter) {
        case 't': path = optarg; break;
        case 'f': filter = optarg; break;
        case 'j': break;
        default: return 64;
        }
    }
    FILE *tap = fopen(path, "w");
    if (tap == NULL) {
        perror(path);
        return 1;
    }
    int count = 0;
    int failed = 0;
    for (struct criterion_test **test = __start_cr_tst; test < __stop_cr_tst; test++) {
        if (is_wanted(*test, filter)) {
            count++;
            failed += run_each(*test, tap);
        }
    }
    fprintf(stderr, "%d tests, %d failed\n", count, failed);
    return fclose(tap) != 0 || failed > 0;
}
