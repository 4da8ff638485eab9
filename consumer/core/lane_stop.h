/* Why a lane stands still. A stop is never passed over: it is stored in the lane row, where
 * `tellerd status` shows it, and every later take looks again whether its reason is gone. Only
 * `contended` is not stored, since the row is another owner's: the worker that gave up shows it. */
#ifndef TELLER_CORE_LANE_STOP_H
#define TELLER_CORE_LANE_STOP_H

/* The numbers are what the database stores: never changed. */
enum lane_stop {
    LANE_RUNNING = 0,
    LANE_STOP_GAP = 1,       /* the log no longer holds our position */
    LANE_STOP_IDENTITY = 2,  /* this is not the log that was applied so far */
    LANE_STOP_NEWER = 3,     /* an authentic leg, or rules, of a newer version */
    LANE_STOP_TIMESTAMP = 4, /* a record without LogAppendTime */
    LANE_STOP_CONTENDED = 5, /* lost to another owner again and again */
    LANE_STOP_DATABASE = 6,  /* the database refuses the batch for a reason that will not pass */
};

/* "running", "gap", ...; "?" for a number that this version does not know. */
const char *lane_stop_word(enum lane_stop stop);

#endif
