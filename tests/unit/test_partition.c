#include <criterion/criterion.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/partition.h"
#include "common/prng.h"

enum { MOST_PARTITIONS = 64 };

/* The partitions of one line of the vectors, for 1, 2, ... 64 partitions. Returns how many held. */
static int check_line(const char *key, char *numbers) {
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(numbers, " \n", &rest); word != NULL;
         word = strtok_r(NULL, " \n", &rest)) {
        count++;
        uint16_t ours = partition_of(key, strlen(key), (uint16_t)count);
        cr_assert_eq(ours, strtol(word, NULL, 10), "%s of %d", key, count);
    }
    return count;
}

/* schemas/partition_vectors.tsv was made by Kafka's Java client: tests/vectors. */
Test(partition, test_agrees_with_the_java_client) {
    FILE *file = fopen("schemas/partition_vectors.tsv", "r");
    cr_assert_not_null(file, "run me from the root of the repository");
    char line[1024];
    int lines = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *tab = strchr(line, '\t');
        cr_assert_not_null(tab);
        *tab = '\0';
        cr_assert_eq(check_line(line, tab + 1), MOST_PARTITIONS);
        lines++;
    }
    fclose(file);
    cr_assert_eq(lines, 174);
}

Test(partition, test_agrees_with_librdkafka_on_any_bytes) {
    struct prng prng;
    prng_seed(&prng, 1);
    for (int i = 0; i < 2000; i++) {
        uint8_t key[70];
        size_t len = (size_t)prng_below(&prng, sizeof key);
        for (size_t j = 0; j < len; j++) {
            key[j] = (uint8_t)prng_next(&prng);
        }
        uint16_t count = (uint16_t)(1 + prng_below(&prng, UINT16_MAX));
        int32_t theirs = rd_kafka_msg_partitioner_murmur2(NULL, key, len, count, NULL, NULL);
        cr_assert_eq(partition_of(key, len, count), theirs);
    }
}
