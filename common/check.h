/* Assertions that stay on in production: a broken invariant must end the process before it can
 * reach the database. Use for errors of the programmer only. */
#ifndef TELLER_COMMON_CHECK_H
#define TELLER_COMMON_CHECK_H

/* Aborts with file, line and expression unless `condition` holds. */
#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

_Noreturn void check_failed(const char *expression, const char *file, int line);

#endif
