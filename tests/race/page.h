/* index.html: one page that stands alone, with everything that a class needs to see. */
#ifndef TELLER_TESTS_RACE_PAGE_H
#define TELLER_TESTS_RACE_PAGE_H

#include "tests/race/ground.h"
#include "tests/race/lineup.h"

/* Writes DIRECTORY/index.html from tests/race/page.html; aborts if it cannot. */
void page_write(const struct lineup *lineup, struct ground *ground, const char *directory);

#endif
