#include "common/timestamp.h"

#include <string.h>

enum { MS_PER_DAY = 86400000, DAYS_PER_400_YEARS = 146097 };
static const int64_t latest_ms = INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */

struct date {
    int year;
    int month; /* 1 .. 12 */
    int day;   /* 1 .. 31 */
};

/* Gregorian dates counted in years that begin in March, so that the leap day is the last one:
 * Howard Hinnant, "chrono-compatible low-level date algorithms". */
static struct date date_of(int64_t days) {
    int64_t shifted = days + 719468; /* since 0000-03-01 */
    int64_t era = shifted / DAYS_PER_400_YEARS;
    int64_t of_era = shifted % DAYS_PER_400_YEARS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (int)((5 * of_year + 2) / 153); /* 0 is March */
    return (struct date){
        .year = (int)(year + era * 400 + (month >= 10)),
        .month = month < 10 ? month + 3 : month - 9,
        .day = (int)(of_year - (153 * month + 2) / 5 + 1),
    };
}

static int64_t days_of(struct date date) {
    int64_t year = date.year - (date.month <= 2);
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t of_year = (153 * month + 2) / 5 + date.day - 1;
    return 365 * year + year / 4 - year / 100 + year / 400 + of_year - 719468;
}

static void put(char *at, int digits, int64_t number) {
    while (digits-- > 0) {
        at[digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

void timestamp_format(int64_t unix_ms, char text[TIMESTAMP_TEXT_LEN + 1]) {
    int64_t ms = unix_ms < 0 ? 0 : unix_ms > latest_ms ? latest_ms : unix_ms;
    struct date date = date_of(ms / MS_PER_DAY);
    int64_t of_day = ms % MS_PER_DAY;
    memcpy(text, "0000-00-00T00:00:00.000Z", TIMESTAMP_TEXT_LEN + 1);
    put(text, 4, date.year);
    put(text + 5, 2, date.month);
    put(text + 8, 2, date.day);
    put(text + 11, 2, of_day / 3600000);
    put(text + 14, 2, of_day / 60000 % 60);
    put(text + 17, 2, of_day / 1000 % 60);
    put(text + 20, 3, of_day % 1000);
}

static int take(const char *at, int digits) {
    int number = 0;
    for (int i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return 0;
        }
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

bool timestamp_parse(const char *text, size_t len, int64_t *unix_ms) {
    if (len != TIMESTAMP_TEXT_LEN) {
        return false;
    }
    struct date date = {
        .year = take(text, 4), .month = take(text + 5, 2), .day = take(text + 8, 2)};
    int64_t seconds = take(text + 11, 2) * 3600 + take(text + 14, 2) * 60 + take(text + 17, 2);
    int64_t ms = days_of(date) * MS_PER_DAY + seconds * 1000 + take(text + 20, 3);
    /* Whatever is no real time reads back as another text: one check for all of them. */
    char again[TIMESTAMP_TEXT_LEN + 1];
    timestamp_format(ms, again);
    if (memcmp(again, text, TIMESTAMP_TEXT_LEN) != 0) {
        return false;
    }
    *unix_ms = ms;
    return true;
}
