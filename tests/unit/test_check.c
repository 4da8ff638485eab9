#include <criterion/criterion.h>
#include <signal.h>

#include "common/check.h"

Test(check, test_true_passes) {
    CHECK(1 + 1 == 2);
}

Test(check, test_false_aborts, .signal = SIGABRT) {
    CHECK(1 + 1 == 3);
}
