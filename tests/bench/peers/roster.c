#include "tests/bench/peers/roster.h"

#include "tests/bench/peers/consumer.h"
#include "tests/bench/peers/django_service.h"
#include "tests/bench/peers/pgbench.h"
#include "tests/bench/peers/service.h"

#define SWEEP                                                                                      \
    {                                                                                              \
        {4}, {2, 8, 32}, {                                                                         \
            1, 2, 4, 8, 16, 32, 64                                                                 \
        }                                                                                          \
    }

const struct peer roster[] = {
    {"pg_for_update", 0, SWEEP, false, pgbench_for_update},
    {"pg_atomic", 0, SWEEP, false, pgbench_atomic},
    {"pg_cte", 0, SWEEP, false, pgbench_cte},
    {"django_for_update", SITE_DJANGO, {{4}, {2, 4, 8}, {1, 2, 4, 8, 16}}, false, django_service},
    {"kafka_tx_per_command", SITE_BACKLOG, {{4}, {2, 4, 8}, {1, 2, 4, 8}}, false, consumer_drain},
    {"redis_lock", SITE_REDIS, {{4}, {1, 4, 16}, {1, 2, 4, 8, 16, 32}}, false, service_locked},
    {"naive", 0, {{8}, {8}, {8}}, true, service_naive},
};
const size_t roster_count = sizeof roster / sizeof *roster;
