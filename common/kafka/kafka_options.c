#include "common/kafka/kafka_options.h"

struct kafka_settings kafka_options_settings(const struct kafka_options *options,
                                             const char *client_id) {
    return (struct kafka_settings){
        .brokers = options->brokers,
        .file = options->file,
        .properties = options->properties.items,
        .properties_count = options->properties.count,
        .client_id = client_id,
        .insecure = options->insecure,
    };
}
