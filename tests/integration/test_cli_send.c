#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"
#include "tests/integration/test_cli_fake.h"

#define RUN(captured, input, ...)                                                                  \
    fake_teller(fake, captured, input, (const char *const[]){__VA_ARGS__, NULL})

#define ID "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c"

static struct fake *fake;

static void set_up(void) {
    fake = fake_open();
}

static void tear_down(void) {
    fake_close(fake);
}

TestSuite(cli_send, .init = set_up, .fini = tear_down, .timeout = 60);

static void expect(struct captured *captured, int status, const char *out) {
    cr_assert_eq(captured->status, status, "%d: %s%s", captured->status, captured->out,
                 captured->err);
    cr_assert_not_null(strstr(captured->out, out), "%s%s", captured->out, captured->err);
    captured_close(captured);
}

Test(cli_send, test_command_is_accepted_with_its_offset) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "silent-1", "10000", "--id", ID);
    expect(&captured, 0, "accepted " ID " deposit 10,000 -> silent-1 (lane ");
}

Test(cli_send, test_wait_shows_the_balance_of_an_applied_command) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "applied-1", "10000", "--id", ID, "--wait");
    expect(&captured, 0, "applied " ID " deposit 10,000 -> applied-1: balance 10,000\n");
}

Test(cli_send, test_wait_exits_1_when_a_rule_rejects) {
    struct captured captured;
    RUN(&captured, NULL, "withdraw", "rejected-1", "7", "--wait");
    expect(&captured, 1, ": insufficient_funds");
}

Test(cli_send, test_wait_goes_on_after_pending) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "pending-1", "7", "--wait", "--json");
    expect(&captured, 0, "\"state\":\"applied\"");
}

Test(cli_send, test_wait_takes_the_end_in_another_lane) {
    struct captured captured;
    RUN(&captured, NULL, "transfer", "crossing-1", "bob", "7", "--wait");
    expect(&captured, 0, "applied ");
}

Test(cli_send, test_wait_takes_an_end_that_overtook_pending) {
    struct captured captured;
    RUN(&captured, NULL, "transfer", "overtaken-1", "bob", "7", "--wait");
    expect(&captured, 0, "applied ");
}

Test(cli_send, test_conflicting_command_is_not_taken_for_the_first_one) {
    struct captured captured;
    RUN(&captured, NULL, "transfer", "usurped-1", "bob", "7", "--wait");
    expect(&captured, 1, "id_conflict");
}

Test(cli_send, test_repeated_pending_without_a_database_exits_75_and_says_what_helps) {
    struct captured captured;
    RUN(&captured, NULL, "transfer", "repeated-1", "bob", "7", "--wait", "--timeout", "1");
    cr_assert_eq(captured.status, 75, "%d", captured.status);
    cr_assert_not_null(strstr(captured.err, "set TELLER_DB"), "%s", captured.err);
    captured_close(&captured);
}

Test(cli_send, test_answer_to_another_record_with_this_id_is_not_taken) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "stranger-1", "7", "--wait");
    expect(&captured, 0, "applied ");
}

Test(cli_send, test_silence_exits_75_with_a_line_that_sends_the_same_command) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "silent-1", "7", "--wait", "--timeout", "1");
    cr_assert_eq(captured.status, 75);
    cr_assert_eq(strncmp(captured.out, "unknown ", 8), 0, "%s", captured.out);
    char retry[128];
    snprintf(retry, sizeof retry, "teller deposit --id %.36s silent-1 7 --wait --timeout 1",
             captured.out + 8);
    cr_assert_not_null(strstr(captured.err, retry), "%s", captured.err);
    captured_close(&captured);
}

static void keep_header(void *context, const rd_kafka_message_t *message) {
    const char **headers = context;
    static char texts[5][64];
    static const char *const names[] = {"ce_id", "ce_type", "ce_source", "ce_specversion",
                                        "content-type"};
    for (int i = 0; i < 5; i++) {
        const char *text = topic_header(message, names[i]);
        snprintf(texts[i], sizeof texts[i], "%s", text == NULL ? "(none)" : text);
        headers[i] = texts[i];
    }
}

Test(cli_send, test_record_carries_cloudevents_headers) {
    struct captured captured;
    const char *headers[5] = {"", "", "", "", ""};
    RUN(&captured, NULL, "deposit", "silent-1", "7", "--id", ID, "--source", "shop");
    expect(&captured, 0, "accepted");
    topic_read(fake_topics(fake)->settings.brokers, fake_topics(fake)->names.commands, keep_header,
               headers);
    static const char *const expected[] = {ID, "deposit", "shop", "1.0", "application/json"};
    for (int i = 0; i < 5; i++) {
        cr_assert_str_eq(headers[i], expected[i]);
    }
}

Test(cli_send, test_bad_amount_is_refused_before_anything_is_sent) {
    static const char *const amounts[] = {"-5", "1.5", "0", "9223372036854775808", "1e3"};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        struct captured captured;
        RUN(&captured, NULL, "deposit", "silent-1", amounts[i]);
        cr_assert_eq(captured.status, 65, "%s: %d", amounts[i], captured.status);
        cr_assert_not_null(strstr(captured.err, "amount"), "%s", captured.err);
        captured_close(&captured);
    }
    cr_assert_eq(fake_records(fake), 0);
}

Test(cli_send, test_dry_run_sends_nothing) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "silent-1", "7", "--dry-run");
    expect(&captured, 0, "valid ");
    cr_assert_eq(fake_records(fake), 0);
}

Test(cli_send, test_topic_with_another_partition_count_is_refused) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "silent-1", "7", "--partitions", "5");
    cr_assert_eq(captured.status, 78);
    cr_assert_not_null(strstr(captured.err, "4 partitions, not 5"), "%s", captured.err);
    captured_close(&captured);
    cr_assert_eq(fake_records(fake), 0);
}

Test(cli_send, test_broker_that_is_not_there_exits_69) {
    struct captured captured;
    RUN(&captured, NULL, "deposit", "silent-1", "7", "-b", "127.0.0.1:1", "--timeout", "1");
    cr_assert_eq(captured.status, 69, "%d %s", captured.status, captured.err);
    captured_close(&captured);
}

static bool has_tried(void *path) {
    FILE *file = fopen(path, "r");
    int first = file == NULL ? EOF : fgetc(file);
    if (file != NULL) {
        fclose(file);
    }
    return first != EOF;
}

/* The timeout is an hour: only the signal can end it. */
Test(cli_send, test_an_interrupt_is_heard_while_no_broker_answers) {
    char program[PROGRAM_PATH_MAX];
    char said[] = "/tmp/teller-interrupt-XXXXXX";
    int fd = mkstemp(said);
    must(fd >= 0, "no temporary file");
    close(fd);
    program_path("teller", program);
    const char *const argv[] = {program,       "deposit",   "alice", "1", "-b",
                                "127.0.0.1:1", "--timeout", "3600",  NULL};
    struct process process;
    process_start(&process, &(struct process_plan){.argv = argv, .err = said});
    wait_for("a first try", has_tried, said, 30000);
    process_signal(&process, SIGINT);
    cr_expect(process_wait(&process, 30000), "it goes on");
    cr_expect_eq(process.status, 130, "%d", process.status);
    process_kill(&process);
    unlink(said);
}

Test(cli_send, test_output_that_cannot_be_written_is_no_success) {
    char path[PROGRAM_PATH_MAX];
    program_path("teller", path);
    const char *argv[] = {path, "version", NULL};
    struct process process;
    process_start(&process, &(struct process_plan){.argv = argv, .out = "/dev/full"});
    cr_assert(process_wait(&process, 10000));
    cr_assert_eq(process.status, 69);
}

Test(cli_send, test_database_without_a_ledger_says_so) {
    struct captured captured;
    char db[1024];
    snprintf(db, sizeof db, "%s dbname=postgres", must_getenv("TELLER_DB_ADMIN"));
    RUN(&captured, NULL, "balance", "alice", "--db", db);
    cr_assert_eq(captured.status, 78, "%d %s", captured.status, captured.err);
    captured_close(&captured);
}

/* What a server says when it refuses a connection decides the exit code, as for any statement. */
static void refuse_database(const char *words, int status, const char *said) {
    struct captured captured;
    char db[1024];
    snprintf(db, sizeof db, "%s %s", must_getenv("TELLER_DB_TCP"), words);
    RUN(&captured, NULL, "balance", "alice", "--db", db);
    cr_expect_eq(captured.status, status, "%d %s", captured.status, captured.err);
    cr_expect_not_null(strstr(captured.err, said), "%s", captured.err);
    cr_expect_null(strstr(captured.err, ".c:"), "no line of the server's sources: %s",
                   captured.err);
    captured_close(&captured);
}

Test(cli_send, test_a_role_that_may_not_log_in_is_not_allowed) {
    refuse_database("user=nobody_knows", 77, "database 28000: connection to server at");
}

Test(cli_send, test_a_database_that_is_not_there_is_for_a_person) {
    refuse_database("dbname=nowhere", 78, "FATAL:  database \"nowhere\" does not exist");
}

Test(cli_send, test_a_database_server_that_is_not_there_is_unreachable) {
    refuse_database("port=1", 69, "Connection refused");
}
