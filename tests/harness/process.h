/* Programs under test as what they are: processes, started with their own variables, their output
 * in files, ended by any signal. None outlives the test that started it. */
#ifndef TELLER_TESTS_HARNESS_PROCESS_H
#define TELLER_TESTS_HARNESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_ARGS_MAX 64

struct process {
    pid_t pid;  /* 0: not running */
    int status; /* after its end: exit code, or -signal */
};

/* What a program is started with. */
struct process_plan {
    const char *const *argv; /* NULL at the end; argv[0] is a path, or a name to be found in PATH */
    const char *const *env;  /* "NAME=value" beside our own environment, before it; may be NULL */
    const char *in;          /* file for stdin; NULL: nothing to read */
    const char *out;         /* file for stdout, appended to; NULL: ours */
    const char *err;         /* file for stderr, likewise */
};

void process_start(struct process *process, const struct process_plan *plan);

/* Does nothing to one that is not running. */
void process_signal(const struct process *process, int signal);

/* True once it has ended: process->status is set. */
bool process_has_ended(struct process *process);

/* Waits for the end; false when the time is over first. */
bool process_wait(struct process *process, int64_t timeout_ms);

/* Waits until SIGSTOP has taken hold of it (or it has ended: false). */
bool process_wait_stopped(struct process *process, int64_t timeout_ms);

/* SIGKILL, and waits. Fine for a stopped or ended process. */
void process_kill(struct process *process);

/* A program that was run to its end, with all it said. */
struct captured {
    int status; /* exit code, or -signal */
    char *out;
    char *err;
};

/* Runs to the end; aborts after timeout_ms. `input` for stdin may be NULL. */
void captured_run(struct captured *captured, const struct process_plan *plan, const char *input,
                  int64_t timeout_ms);
void captured_close(struct captured *captured);

#define PROGRAM_PATH_MAX 512

/* The path of a program of this build, "teller" or "tellerd": in $TELLER_BIN_DIR or, where make
 * started us, in $TELLER_BUILD. */
void program_path(const char *name, char path[PROGRAM_PATH_MAX]);

#endif
