/* What /proc tells about a running process: memory and CPU time, for the benchmark's figures. */
#ifndef TELLER_TESTS_HARNESS_PROC_H
#define TELLER_TESTS_HARNESS_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* CPU time so far, user and system, of all its threads, in microseconds; 0: gone. */
int64_t proc_cpu_us(pid_t pid);

/* The same with its children, those included that have ended: the postmaster with its backends. */
int64_t proc_tree_cpu_us(pid_t pid);

/* CPU time of this process, and of its children that have been waited for. */
int64_t proc_own_cpu_us(void);
int64_t proc_children_cpu_us(void);

/* A number in kB from /proc/PID/status, as "VmHWM" or "VmRSS"; 0: gone. */
int64_t proc_memory_kb(pid_t pid, const char *field);

/* The number in a file such as a pid file; 0: none. */
pid_t proc_read_pid(const char *path);

#endif
