#include <criterion/criterion.h>
#include <signal.h>

#include "common/rt/stop.h"

TestSuite(stop, .init = stop_install);

Test(stop, test_nothing_is_asked_at_first) {
    cr_assert_not(stop_requested());
    cr_assert_not(stop_take_reload());
}

Test(stop, test_first_signal_drains_and_second_ends) {
    raise(SIGTERM);
    cr_assert(stop_requested());
    cr_assert_not(stop_immediate());
    raise(SIGINT);
    cr_assert(stop_immediate());
}

Test(stop, test_hangup_asks_for_one_reload_and_no_stop) {
    raise(SIGHUP);
    cr_assert_not(stop_requested());
    cr_assert(stop_take_reload());
    cr_assert_not(stop_take_reload());
}

Test(stop, test_broken_pipe_is_ignored) {
    raise(SIGPIPE);
    cr_assert_not(stop_requested());
}
