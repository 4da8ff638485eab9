#include "tests/harness/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/rt/clock.h"
#include "tests/harness/must.h"

extern char **environ;

#define KILL_WAIT_MS 20000
#define POLL_MS 2

/* Ours after theirs: the first of two equal names wins in getenv. */
static const char **join_environment(const char *const *env) {
    size_t count = 1;
    for (size_t i = 0; env != NULL && env[i] != NULL; i++) {
        count++;
    }
    for (size_t i = 0; environ[i] != NULL; i++) {
        count++;
    }
    const char **joined = calloc(count, sizeof *joined);
    must(joined != NULL, "out of memory");
    size_t at = 0;
    for (size_t i = 0; env != NULL && env[i] != NULL; i++) {
        joined[at++] = env[i];
    }
    for (size_t i = 0; environ[i] != NULL; i++) {
        joined[at++] = environ[i];
    }
    return joined;
}

static void redirect(int fd, const char *path, int flags) {
    if (path == NULL) {
        return;
    }
    int file = open(path, flags, 0666);
    if (file < 0 || dup2(file, fd) < 0) {
        _exit(126);
    }
    close(file);
}

/* In the child, between fork and exec: calls nothing that takes a lock. */
_Noreturn static void become(const struct process_plan *plan, const char **env, pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
        _exit(126);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    redirect(STDIN_FILENO, plan->in != NULL ? plan->in : "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, plan->out, O_WRONLY | O_CREAT | O_APPEND);
    redirect(STDERR_FILENO, plan->err, O_WRONLY | O_CREAT | O_APPEND);
    environ = (char **)(uintptr_t)env;
    execvp(plan->argv[0], (char *const *)(uintptr_t)plan->argv);
    _exit(127);
}

void process_start(struct process *process, const struct process_plan *plan) {
    const char **env = join_environment(plan->env);
    pid_t parent = getpid();
    pid_t pid = fork();
    must(pid >= 0, "fork: %s", strerror(errno));
    if (pid == 0) {
        become(plan, env, parent);
    }
    free(env);
    *process = (struct process){.pid = pid, .status = 0};
}

void process_signal(const struct process *process, int signal) {
    if (process->pid > 0) {
        kill(process->pid, signal);
    }
}

bool process_has_ended(struct process *process) {
    if (process->pid == 0) {
        return true;
    }
    int status = 0;
    pid_t ended = waitpid(process->pid, &status, WNOHANG);
    if (ended != process->pid) {
        return false;
    }
    process->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    process->pid = 0;
    return true;
}

bool process_wait(struct process *process, int64_t timeout_ms) {
    int64_t deadline = clock_monotonic_ms() + timeout_ms;
    while (!process_has_ended(process)) {
        if (clock_monotonic_ms() >= deadline) {
            return false;
        }
        clock_sleep_ms(POLL_MS);
    }
    return true;
}

static bool is_stopped(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

bool process_wait_stopped(struct process *process, int64_t timeout_ms) {
    int64_t deadline = clock_monotonic_ms() + timeout_ms;
    while (!process_has_ended(process)) {
        if (is_stopped(process->pid)) {
            return true;
        }
        if (clock_monotonic_ms() >= deadline) {
            return false;
        }
        clock_sleep_ms(POLL_MS);
    }
    return false;
}

void process_kill(struct process *process) {
    process_signal(process, SIGKILL);
    must(process_wait(process, KILL_WAIT_MS), "process %d survives SIGKILL", (int)process->pid);
}
