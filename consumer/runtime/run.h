/* The verb `run`: the worker from its command line to its exit code. */
#ifndef TELLER_RUNTIME_RUN_H
#define TELLER_RUNTIME_RUN_H

/* As the verbs of consumer/verbs. Where threads were abandoned in mid-work they still run when it
 * returns: the process must end by _exit(2). */
int run_worker(int argc, char **argv);

#endif
