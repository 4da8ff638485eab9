#include "common/kafka/kconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/check.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf_file.h"
#include "common/kafka/kconf_watch.h"

enum { VALUE_ROOM = 4096 };

static const struct kconf_property every_default[] = {
    {"client.id", "teller"},
    {"socket.nagle.disable", "true"}, /* on before librdkafka 2.10; costs 40 ms per small send */
    {"socket.keepalive.enable", "true"},
    {"reconnect.backoff.ms", "100"},
    {"reconnect.backoff.max.ms", "2000"},
    {"log.connection.close", "false"}, /* idle connections end every ten minutes */
    {NULL, NULL},
};

/* What is Teller's to set: its promises rest on it, or a client sets it for itself. */
static const struct kconf_property no_must[] = {{NULL, NULL}};
static const struct kconf_property consumer_must[] = {
    {"allow.auto.create.topics", "false"}, /* a mistyped name must not become a ledger */
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"}, /* a lost position is a person's business */
    {"check.crcs", "true"},
    {"isolation.level", "read_committed"},
    {"enable.partition.eof", "false"}, /* who reads the ends asks for them: lane_source.c */
    {NULL, NULL},
};
static const struct kconf_property producer_must[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"}, /* the key decides the lane: docs/protocol.md */
    {NULL, NULL},
};

static const struct kconf_property *must_of(enum kconf_role role) {
    switch (role) {
    case KCONF_CONSUMER: return consumer_must;
    case KCONF_PRODUCER: return producer_must;
    case KCONF_ADMIN: break;
    }
    return no_must;
}

bool kconf_is_secret(const char *property) {
    static const char *const parts[] = {"password", "secret", ".key.pem",
                                        "token",    "jaas",   "oauthbearer.config"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(property, parts[i]) != NULL) {
            return strcmp(property, "sasl.oauthbearer.token.endpoint.url") != 0;
        }
    }
    return false;
}

/* librdkafka's own text repeats the value, so it is not used for secrets. */
bool kconf_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err) {
    char text[512] = "";
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) == RD_KAFKA_CONF_OK) {
        return true;
    }
    if (kconf_is_secret(name)) {
        return err_set(err, ERR_USAGE, "Kafka property %s: not a valid value", name);
    }
    return err_set(err, ERR_USAGE, "Kafka property %s: %s", name, text);
}

bool kconf_set_int(rd_kafka_conf_t *conf, const char *name, int64_t value, struct err *err) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return kconf_set(conf, name, text, err);
}

static bool set_all(rd_kafka_conf_t *conf, const struct kconf_property *list, struct err *err) {
    for (; list != NULL && list->name != NULL; list++) {
        if (!kconf_set(conf, list->name, list->value, err)) {
            return false;
        }
    }
    return true;
}

static bool get(const rd_kafka_conf_t *conf, const char *name, char value[VALUE_ROOM]) {
    size_t size = VALUE_ROOM;
    value[0] = '\0';
    return rd_kafka_conf_get(conf, name, value, &size) == RD_KAFKA_CONF_OK;
}

/* Applied before the user's properties and compared after them: a user who asks for something else
 * is told so, instead of being overruled in silence. */
static bool untouched(const rd_kafka_conf_t *conf, const struct kconf_property *must,
                      const rd_kafka_conf_t *wanted, struct err *err) {
    for (; must->name != NULL; must++) {
        char has[VALUE_ROOM];
        char wants[VALUE_ROOM];
        if (!get(conf, must->name, has) || !get(wanted, must->name, wants) ||
            strcmp(has, wants) != 0) {
            return err_set(err, ERR_USAGE,
                           "Kafka property %s is set by Teller itself: no value but %s is accepted",
                           must->name, must->value);
        }
    }
    return true;
}

static bool apply_user(rd_kafka_conf_t *conf, const struct kafka_settings *settings,
                       struct err *err) {
    if (settings->client_id != NULL && !kconf_set(conf, "client.id", settings->client_id, err)) {
        return false;
    }
    if (settings->file != NULL && !kconf_file_read(conf, settings->file, err)) {
        return false;
    }
    for (int i = 0; i < settings->properties_count; i++) {
        if (!kconf_file_pair(conf, settings->properties[i], "-X", err)) {
            return false;
        }
    }
    return settings->brokers == NULL ||
           kconf_set(conf, "bootstrap.servers", settings->brokers, err);
}

static bool is_loopback(const char *host, size_t len) {
    static const char *const names[] = {"localhost", "[::1]", "::1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (len == strlen(names[i]) && strncasecmp(host, names[i], len) == 0) {
            return true;
        }
    }
    return len > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") >= len;
}

/* What is sent in clear can be read and changed on the way: that is money. */
static bool is_safe(const rd_kafka_conf_t *conf, bool insecure, struct err *err) {
    char protocol[VALUE_ROOM];
    char brokers[VALUE_ROOM];
    if (!get(conf, "bootstrap.servers", brokers) || brokers[0] == '\0') {
        return err_set(err, ERR_USAGE, "no Kafka broker is named (-b host:port)");
    }
    get(conf, "security.protocol", protocol);
    if (insecure || strcmp(protocol, "ssl") == 0 || strcmp(protocol, "sasl_ssl") == 0) {
        return true;
    }
    for (const char *at = brokers; *at != '\0';) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ", ");
        const char *scheme = strstr(at, "://");
        const char *host = scheme != NULL && scheme < at + len ? scheme + 3 : at;
        size_t rest = len - (size_t)(host - at);
        size_t host_len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":, ");
        if (rest > 0 && !is_loopback(host, host_len < rest ? host_len : rest)) {
            return err_set(err, ERR_USAGE,
                           "broker %.*s: plaintext beyond this machine is refused; set "
                           "security.protocol to ssl or sasl_ssl, or allow it with --insecure",
                           (int)len, at);
        }
        at += len;
    }
    return true;
}

static bool fill(rd_kafka_conf_t *conf, rd_kafka_conf_t *wanted,
                 const struct kafka_settings *settings, enum kconf_role role,
                 const struct kconf_property *defaults, struct err *err) {
    const struct kconf_property *must = must_of(role);
    return set_all(wanted, must, err) && set_all(conf, must, err) &&
           set_all(conf, every_default, err) && set_all(conf, defaults, err) &&
           apply_user(conf, settings, err) && untouched(conf, must, wanted, err) &&
           is_safe(conf, settings->insecure, err);
}

rd_kafka_conf_t *kconf_new(const struct kafka_settings *settings, enum kconf_role role,
                           const struct kconf_property *defaults, struct kconf_watch *watch,
                           struct err *err) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_t *wanted = rd_kafka_conf_new();
    CHECK(conf != NULL && wanted != NULL);
    bool ok = fill(conf, wanted, settings, role, defaults, err);
    rd_kafka_conf_destroy(wanted);
    if (!ok) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    kconf_watch_attach(watch, conf);
    return conf;
}

rd_kafka_t *kconf_client(rd_kafka_conf_t *conf, rd_kafka_type_t type, struct err *err) {
    char text[512];
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof text);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        err_set(err, ERR_USAGE, "Kafka client: %s", text);
    }
    return client;
}
