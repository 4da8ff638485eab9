/* Runs seeds, in as many processes as there are cores. The first seed that fails is run once more,
 * alone and with its story told.
 *   sim [--tap=FILE] [--seeds=N] [--first=S] [--jobs=J] [--seed=S] */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/check.h"
#include "tests/sim/sim.h"

#define JOBS_MAX 64
#define STORY_LINES 160
#define SEED_SECONDS 5 /* one that takes longer hangs: SIGALRM ends its process */

struct plan {
    const char *tap; /* NULL: none */
    uint64_t first;
    uint64_t seeds;
    uint64_t jobs;
    FILE *progress; /* one seed per job: the one that it is at */
};

static uint64_t number_after(const char *argument, const char *name, uint64_t otherwise) {
    size_t len = strlen(name);
    return strncmp(argument, name, len) == 0 ? strtoull(argument + len, NULL, 10) : otherwise;
}

static struct plan read_plan(int argc, char **argv) {
    struct plan plan = {.first = 1, .seeds = 20000, .jobs = 1};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    plan.jobs = cores > 1 ? (uint64_t)cores : 1;
    for (int i = 1; i < argc; i++) {
        plan.seeds = number_after(argv[i], "--seeds=", plan.seeds);
        plan.first = number_after(argv[i], "--first=", plan.first);
        plan.jobs = number_after(argv[i], "--jobs=", plan.jobs);
        if (strncmp(argv[i], "--seed=", 7) == 0) {
            plan.first = number_after(argv[i], "--seed=", 1);
            plan.seeds = 1;
        }
        plan.tap = strncmp(argv[i], "--tap=", 6) == 0 ? argv[i] + 6 : plan.tap;
    }
    plan.jobs = plan.jobs < JOBS_MAX ? plan.jobs : JOBS_MAX;
    return plan;
}

/* The child: every jobs-th seed. A failure, and an abort, leave the seed behind in the file. */
static int run_job(const struct plan *plan, uint64_t job) {
    struct sim *sim = sim_new();
    CHECK(sim != NULL);
    bool good = true;
    for (uint64_t i = job; i < plan->seeds && good; i += plan->jobs) {
        uint64_t seed = plan->first + i;
        off_t place = (off_t)(job * sizeof seed);
        CHECK(pwrite(fileno(plan->progress), &seed, sizeof seed, place) == sizeof seed);
        alarm(SEED_SECONDS);
        good = sim_run(sim, seed);
    }
    sim_free(sim);
    return good ? 0 : 1;
}

static int tell_job(uint64_t seed, FILE *story) {
    struct sim *sim = sim_new();
    CHECK(sim != NULL);
    setvbuf(story, NULL, _IOLBF, 0);
    sim->story = story;
    alarm(SEED_SECONDS);
    bool good = sim_run(sim, seed);
    sim_free(sim);
    return good ? 0 : 1;
}

static void print_tail(FILE *story) {
    size_t lines = 0;
    rewind(story);
    for (int c = getc(story); c != EOF; c = getc(story)) {
        lines += c == '\n';
    }
    size_t skip = lines > STORY_LINES ? lines - STORY_LINES : 0;
    rewind(story);
    for (int c = getc(story); c != EOF; c = getc(story)) {
        if (skip == 0) {
            putchar(c);
        }
        skip -= skip > 0 && c == '\n';
    }
}

static void tell(uint64_t seed) {
    FILE *story = tmpfile();
    CHECK(story != NULL);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        _exit(tell_job(seed, story));
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    print_tail(story);
    printf("seed %llu fails; again: make sim SEED=%llu\n", (unsigned long long)seed,
           (unsigned long long)seed);
    fclose(story);
}

/* The seed that a job was at; its first where it has not come so far as to say. */
static uint64_t seed_of(const struct plan *plan, uint64_t job) {
    uint64_t seed = 0;
    off_t place = (off_t)(job * sizeof seed);
    bool told = pread(fileno(plan->progress), &seed, sizeof seed, place) == sizeof seed;
    return told && seed != 0 ? seed : plan->first + job;
}

/* The lowest seed that some job has stopped at; 0: all went well. */
static uint64_t run(const struct plan *plan) {
    pid_t children[JOBS_MAX];
    uint64_t lowest = 0;
    for (uint64_t job = 0; job < plan->jobs; job++) {
        children[job] = fork();
        CHECK(children[job] >= 0);
        if (children[job] == 0) {
            _exit(run_job(plan, job));
        }
    }
    for (uint64_t job = 0; job < plan->jobs; job++) {
        int status = 0;
        CHECK(waitpid(children[job], &status, 0) == children[job]);
        uint64_t seed = seed_of(plan, job);
        if (status != 0 && (lowest == 0 || seed < lowest)) {
            lowest = seed;
        }
    }
    return lowest;
}

static void write_tap(const struct plan *plan, uint64_t failed) {
    FILE *tap = plan->tap != NULL ? fopen(plan->tap, "w") : NULL;
    if (tap != NULL) {
        fprintf(tap, "1..1\n%sok 1 - every seed from %llu to %llu keeps the books right\n",
                failed != 0 ? "not " : "", (unsigned long long)plan->first,
                (unsigned long long)(plan->first + plan->seeds - 1));
        fclose(tap);
    }
}

int main(int argc, char **argv) {
    struct plan plan = read_plan(argc, argv);
    plan.progress = tmpfile();
    CHECK(plan.progress != NULL);
    uint64_t failed = run(&plan);
    if (failed != 0) {
        tell(failed);
    } else {
        printf("sim: %llu seeds from %llu\n", (unsigned long long)plan.seeds,
               (unsigned long long)plan.first);
    }
    write_tap(&plan, failed);
    fclose(plan.progress);
    return failed != 0 ? 1 : 0;
}
