/* The verbs of tellerd, one function and one file each.
 *
 * Every verb parses its own arguments (argv[0] is the verb's name), answers --help, prints what it
 * found on stdout and what went wrong on stderr, and returns the exit code of the process: 0, 1
 * (verify or replay found a difference), or what err_exit_code says. Run on the main thread. */
#ifndef TELLER_VERBS_H
#define TELLER_VERBS_H

int verb_init(int argc, char **argv);       /* topics, roles, schema, registration, first secret */
int verb_migrate(int argc, char **argv);    /* upgrades the schema */
int verb_verify(int argc, char **argv);     /* proves the ledger; exits 1 at a difference */
int verb_replay(int argc, char **argv);     /* applies the log again and compares; likewise */
int verb_status(int argc, char **argv);     /* the lanes, their owners and lags */
int verb_quarantine(int argc, char **argv); /* list, show */
int verb_secret(int argc, char **argv);     /* export, import */
int verb_health(int argc, char **argv);     /* for container health checks */

#endif
