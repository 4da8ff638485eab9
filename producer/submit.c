#include "producer/submit.h"

#include "common/partition.h"

bool submit_open(const struct submit_options *options, struct window **window, uint16_t *partitions,
                 struct err *err) {
    const struct settings *settings = options->settings;
    struct topic_names topics;
    struct kafka_settings kafka;
    *window = NULL;
    *partitions = (uint16_t)settings->partitions;
    if (settings->dry_run && *partitions != 0) {
        return true;
    }
    if (!settings_topics(settings, &topics, err) || !settings_kafka(settings, &kafka, err)) {
        return false;
    }
    struct window_options wanted = {.kafka = &kafka,
                                    .topics = &topics,
                                    .source = settings->source,
                                    .db = settings->db,
                                    .timeout_ms = settings->timeout_s * 1000,
                                    .partitions = *partitions,
                                    .wait = settings->wait && !settings->dry_run,
                                    .plain_records = options->plain_records,
                                    .only = options->only,
                                    .room = options->room,
                                    .done = options->done,
                                    .context = options->context};
    *window = window_open(&wanted, err);
    if (*window == NULL) {
        return false;
    }
    *partitions = window_partitions(*window);
    return true;
}

void submit_dry_run(struct render *render, int64_t line, const struct command *command,
                    struct slice json, uint16_t partitions) {
    struct report report;
    report_command(&report, line, command);
    report.state = REPORT_VALID;
    report.lane = partition_of(command->entity.text, command->entity.len, partitions);
    struct render_extra extra = {.retry = NULL, .record = json};
    render_report(render, &report, &extra);
}
