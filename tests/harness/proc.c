#include "tests/harness/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* proc(5), /proc/PID/stat: fields 4 (parent) and 14-17 (own time, then waited-for children's). */
struct stat_line {
    pid_t parent;
    int64_t own_ticks;
    int64_t children_ticks;
};

static bool read_stat(pid_t pid, struct stat_line *stat) {
    char path[64];
    char line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    bool has_line = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    /* The name, in brackets, may hold blanks and brackets. */
    const char *rest = has_line ? strrchr(line, ')') : NULL;
    int parent = 0;
    int64_t user = 0;
    int64_t system = 0;
    int64_t child_user = 0;
    int64_t child_system = 0;
    if (rest == NULL || sscanf(rest + 1,
                               " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNd64 " %" SCNd64
                               " %" SCNd64 " %" SCNd64,
                               &parent, &user, &system, &child_user, &child_system) != 5) {
        return false;
    }
    *stat = (struct stat_line){parent, user + system, child_user + child_system};
    return true;
}

static int64_t us_of(int64_t ticks) {
    return ticks * (1000000 / (int64_t)sysconf(_SC_CLK_TCK));
}

int64_t proc_cpu_us(pid_t pid) {
    struct stat_line stat;
    return read_stat(pid, &stat) ? us_of(stat.own_ticks) : 0;
}

int64_t proc_tree_cpu_us(pid_t pid) {
    struct stat_line stat;
    if (!read_stat(pid, &stat)) {
        return 0;
    }
    int64_t sum = us_of(stat.own_ticks + stat.children_ticks);
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        struct stat_line child;
        if (isdigit((unsigned char)entry->d_name[0]) &&
            read_stat((pid_t)strtol(entry->d_name, NULL, 10), &child) && child.parent == pid) {
            sum += us_of(child.own_ticks + child.children_ticks);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return sum;
}

static int64_t used_us(int who) {
    struct rusage usage;
    (void)getrusage(who, &usage);
    return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int64_t proc_own_cpu_us(void) {
    return used_us(RUSAGE_SELF);
}

int64_t proc_children_cpu_us(void) {
    return used_us(RUSAGE_CHILDREN);
}

int64_t proc_memory_kb(pid_t pid, const char *field) {
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    int64_t kb = 0;
    size_t len = strlen(field);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, field, len) == 0 && line[len] == ':') {
            kb = strtoll(line + len + 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kb;
}

pid_t proc_read_pid(const char *path) {
    FILE *file = fopen(path, "r");
    int pid = 0;
    if (file == NULL || fscanf(file, "%d", &pid) != 1) {
        pid = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return (pid_t)pid;
}
