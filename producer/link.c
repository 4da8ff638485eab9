#include "producer/link.h"

#include "common/partition.h"

#define LINGER_MANY_MS 5

static bool check_partitions(struct link *link, const struct link_options *options,
                             struct err *err) {
    uint16_t commands = publisher_partitions(link->publisher);
    uint16_t results = 0;
    if (options->partitions != 0 && options->partitions != commands) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s has %d partitions, not %d as expected: nothing was sent, since "
                       "accounts would move to other lanes",
                       options->topics->commands, (int)commands, (int)options->partitions);
    }
    if (!publisher_count_partitions(link->publisher, options->topics->results, &results, err)) {
        /* Who does not wait need not be allowed to see results. */
        return err->kind == ERR_DENIED && !options->wait;
    }
    if (results != commands) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s has %d partitions and %s has %d: one of them was altered; nothing "
                       "was sent, since accounts would move to other lanes",
                       options->topics->commands, (int)commands, options->topics->results,
                       (int)results);
    }
    return true;
}

static bool open_waiter(struct link *link, const struct link_options *options, struct err *err) {
    uint16_t partitions = publisher_partitions(link->publisher);
    struct waiter_options wanted = {.kafka = options->kafka,
                                    .topic = options->topics->results,
                                    .partitions = partitions,
                                    .lane = WAITER_ALL_LANES,
                                    .timeout_ms = options->timeout_ms};
    if (options->only != NULL) {
        wanted.lane = partition_of(options->only->text, options->only->len, partitions);
    }
    link->waiter = waiter_open(&wanted, err);
    return link->waiter != NULL;
}

bool link_open(struct link *link, const struct link_options *options, struct err *err) {
    struct publisher_options publisher = {.kafka = options->kafka,
                                          .topic = options->topics->commands,
                                          .timeout_ms = options->timeout_ms,
                                          .linger_ms = options->one_by_one ? 0 : LINGER_MANY_MS,
                                          .report = options->report,
                                          .context = options->context};
    *link = (struct link){.publisher = publisher_open(&publisher, err)};
    if (link->publisher != NULL && check_partitions(link, options, err) &&
        (!options->wait || open_waiter(link, options, err))) {
        return true;
    }
    link_close(link);
    return false;
}

void link_close(struct link *link) {
    publisher_close(link->publisher);
    waiter_close(link->waiter);
    *link = (struct link){.publisher = NULL};
}
