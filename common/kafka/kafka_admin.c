#include "common/kafka/kafka_admin.h"

#include "common/check.h"
#include "common/kafka/kafka_error.h"

bool kafka_admin_init(struct kafka_admin *admin, const struct kafka_settings *settings,
                      int timeout_ms, struct err *err) {
    rd_kafka_conf_t *conf = kconf_new(settings, KCONF_ADMIN, NULL, &admin->watch, err);
    if (conf == NULL) {
        return false;
    }
    admin->client = kconf_client(conf, RD_KAFKA_PRODUCER, err);
    if (admin->client == NULL) {
        return false;
    }
    admin->queue = rd_kafka_queue_new(admin->client);
    admin->timeout_ms = timeout_ms;
    return true;
}

void kafka_admin_close(struct kafka_admin *admin) {
    rd_kafka_queue_destroy(admin->queue);
    rd_kafka_destroy(admin->client);
}

rd_kafka_AdminOptions_t *kafka_admin_options(struct kafka_admin *admin, rd_kafka_admin_op_t what) {
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(admin->client, what);
    CHECK(options != NULL);
    char text[256];
    rd_kafka_AdminOptions_set_request_timeout(options, admin->timeout_ms, text, sizeof text);
    return options;
}

rd_kafka_event_t *kafka_admin_answer(struct kafka_admin *admin, const char *what, struct err *err) {
    enum { GRACE_MS = 1000 }; /* the client ends the request itself, with a better text */
    rd_kafka_event_t *event = rd_kafka_queue_poll(admin->queue, admin->timeout_ms + GRACE_MS);
    if (event == NULL) {
        kafka_error_set(err, RD_KAFKA_RESP_ERR__TIMED_OUT, what);
        return NULL;
    }
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        err_set(err, kafka_error_kind(code), "%s: %s", what, rd_kafka_event_error_string(event));
        rd_kafka_event_destroy(event);
        return NULL;
    }
    return event;
}
