/* Tells the service manager how we are: the protocol of sd_notify(3), one datagram to the socket
 * named by NOTIFY_SOCKET. Without that variable nothing happens. */
#ifndef TELLER_RUNTIME_NOTIFY_H
#define TELLER_RUNTIME_NOTIFY_H

/* "READY=1", "STOPPING=1", "WATCHDOG=1". Never blocks; errors are nobody's concern. */
void notify_state(const char *state);

#endif
