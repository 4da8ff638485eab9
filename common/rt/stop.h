/* The stop flag: SIGTERM and SIGINT ask for a drain, a second one for an immediate end. SIGHUP asks
 * for a reload. SIGPIPE is ignored. */
#ifndef TELLER_COMMON_RT_STOP_H
#define TELLER_COMMON_RT_STOP_H

#include <stdbool.h>

void stop_install(void);     /* installs the handlers; once, before threads start */
bool stop_requested(void);   /* drain and end */
bool stop_immediate(void);   /* end now */
bool stop_take_reload(void); /* true once after each SIGHUP */

#endif
