/* The administrative verbs as an operator meets them: real programs, broker and database. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/version.h"
#include "tests/harness/db.h"
#include "tests/harness/stage.h"

/* Runs tellerd, wants that exit code and those words on stdout or stderr. */
static void expect_said(const struct ledger *ledger, int status, const char *said,
                        const char *const *arguments) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, arguments);
    cr_expect_eq(captured.status, status, "%s: exit %d, not %d: %s%s", arguments[0],
                 captured.status, status, captured.out, captured.err);
    cr_expect(strstr(captured.out, said) != NULL || strstr(captured.err, said) != NULL,
              "%s: wanted \"%s\" in: %s%s", arguments[0], said, captured.out, captured.err);
    captured_close(&captured);
}

#define EXPECT_SAID(ledger, status, said, ...)                                                     \
    expect_said(ledger, status, said, (const char *const[]){__VA_ARGS__, NULL})

Test(verbs, test_second_init_says_what_is_there_and_changes_nothing) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_init", 2);
    EXPECT_SAID(&ledger, 0, "already there: 2 lanes", "init", "--partitions", "2");
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.lane", -1), 2);
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.secret", -1), 1);
    ledger_close(&ledger);
}

Test(verbs, test_init_of_another_ledger_is_refused) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_other", 2);
    EXPECT_SAID(&ledger, 78, "another ledger", "init", "--partitions", "4");
    EXPECT_SAID(&ledger, 78, "another ledger", "init", "--partitions", "2", "--group", "else");
    EXPECT_SAID(&ledger, 78, "--from", "init", "--partitions", "2", "--from", "0");
    ledger_close(&ledger);
}

Test(verbs, test_init_refuses_a_database_that_is_not_utf8) {
    struct ledger ledger;
    char conninfo[LEDGER_TEXT_MAX + 32];
    ledger_open(&ledger, "verbs_utf8", 1);
    db_exec(ledger.db, "SET client_min_messages = error");
    db_exec(ledger.db, "DROP DATABASE IF EXISTS verbs_latin1");
    db_exec(ledger.db, "CREATE DATABASE verbs_latin1 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
                       " TEMPLATE template0");
    snprintf(conninfo, sizeof conninfo, "%s dbname=verbs_latin1", ledger.admin);
    EXPECT_SAID(&ledger, 78, "LATIN1", "init", "--partitions", "1", "--db-admin", conninfo);
    db_exec(ledger.db, "DROP DATABASE verbs_latin1");
    ledger_close(&ledger);
}

Test(verbs, test_init_wants_partitions) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_usage", 1);
    EXPECT_SAID(&ledger, 64, "--partitions", "init");
    EXPECT_SAID(&ledger, 64, "unknown option", "verify", "--nonsense");
    EXPECT_SAID(&ledger, 64, "neither export nor import", "secret", "delete");
    EXPECT_SAID(&ledger, 0, "usage: tellerd verify", "verify", "--help");
    ledger_close(&ledger);
}

Test(verbs, test_migrate_of_a_ledger_that_is_new_enough_does_nothing) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_migrate", 1);
    EXPECT_SAID(&ledger, 0, "already", "migrate");
    db_exec(ledger.db, "INSERT INTO teller.migration VALUES (999, 'newer')");
    EXPECT_SAID(&ledger, 78, "999", "migrate");
    EXPECT_SAID(&ledger, 78, "999", "verify");
    ledger_close(&ledger);
}

Test(verbs, test_verbs_on_an_empty_database_say_run_init) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_empty", 1);
    db_exec(ledger.db, "SET client_min_messages = error");
    db_exec(ledger.db, "DROP SCHEMA teller CASCADE");
    EXPECT_SAID(&ledger, 78, "init", "migrate");
    EXPECT_SAID(&ledger, 78, "init", "verify");
    EXPECT_SAID(&ledger, 78, "init", "status");
    EXPECT_SAID(&ledger, 78, "init", "health");
    ledger_close(&ledger);
}

Test(verbs, test_a_mistyped_verb_is_told_what_was_meant) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_typo", 1);
    EXPECT_SAID(&ledger, 64, "unknown verb statuss; did you mean status?", "statuss");
    EXPECT_SAID(&ledger, 64, "unknown verb frobnicate; tellerd help lists them", "frobnicate");
    EXPECT_SAID(&ledger, 0, "tellerd " TELLER_VERSION, "--version");
    EXPECT_SAID(&ledger, 0, "usage: tellerd VERB", "-h");
    ledger_close(&ledger);
}

/* A report on a full disk must not look like one that found nothing wrong. */
Test(verbs, test_a_report_that_cannot_be_written_is_no_success) {
    struct ledger ledger;
    char path[PROGRAM_PATH_MAX];
    ledger_open(&ledger, "verbs_full", 1);
    program_path("tellerd", path);
    const char *const argv[] = {path, "verify", "--json", NULL};
    const struct process_plan plan = {.argv = argv, .env = ledger.env, .out = "/dev/full"};
    struct process process;
    process_start(&process, &plan);
    cr_assert(process_wait(&process, STAGE_TIMEOUT_MS));
    cr_expect_eq(process.status, 69, "%d", process.status);
    ledger_close(&ledger);
}

Test(verbs, test_status_and_health_follow_the_owner_and_the_stop) {
    struct stage stage;
    stage_open(&stage, "verbs_status", 0);
    EXPECT_SAID(&stage.ledger, 69, "has no owner yet", "health");
    EXPECT_SAID(&stage.ledger, 0, "\"state\":\"unowned\"", "status", "--json");
    stage_add(&stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    EXPECT_SAID(&stage.ledger, 0, "", "health");
    EXPECT_SAID(&stage.ledger, 0, "\"log_end\":0,\"lag\":0,\"state\":\"running\"", "status",
                "--json");
    db_exec(stage.ledger.db, "UPDATE teller.lane SET state = 1, detail = 'by hand' WHERE lane = 3");
    EXPECT_SAID(&stage.ledger, 78, "lane 3 is stopped: gap by hand", "health");
    db_exec(stage.ledger.db, "UPDATE teller.lane SET state = 0, detail = NULL WHERE lane = 3");
    stage_close(&stage);
}

Test(verbs, test_secret_travels_by_a_private_file_and_is_never_replaced) {
    struct ledger ledger;
    struct stat stat_of;
    char file[LEDGER_TEXT_MAX + 16];
    ledger_open(&ledger, "verbs_secret", 1);
    snprintf(file, sizeof file, "%s/secrets", ledger.logs);
    unlink(file);
    EXPECT_SAID(&ledger, 0, "", "secret", "export", "--file", file);
    cr_assert_eq(stat(file, &stat_of), 0);
    cr_expect_eq(stat_of.st_mode & 0777, 0600u);
    EXPECT_SAID(&ledger, 64, "must not exist", "secret", "export", "--file", file);
    EXPECT_SAID(&ledger, 0, "1 secrets", "secret", "import", "--file", file);
    db_exec(ledger.db, "DELETE FROM teller.secret");
    EXPECT_SAID(&ledger, 0, "1 secrets", "secret", "import", "--file", file);
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.secret", -1), 1);
    db_exec(ledger.db, "UPDATE teller.secret SET bytes = sha256('other')");
    EXPECT_SAID(&ledger, 78, "key id 1", "secret", "import", "--file", file);
    unlink(file);
    ledger_close(&ledger);
}

/* A comment longer than any secret, and then that line. */
static void write_secrets(const char *file, const char *line) {
    FILE *out = fopen(file, "w");
    cr_assert_not_null(out);
    fprintf(out, "# %01000d\n%s\n", 0, line);
    cr_assert_eq(fclose(out), 0);
}

Test(verbs, test_secrets_behind_a_long_comment_are_read_and_their_lines_counted) {
    struct ledger ledger;
    char file[LEDGER_TEXT_MAX + 16];
    ledger_open(&ledger, "verbs_comment", 1);
    snprintf(file, sizeof file, "%s/secrets", ledger.logs);
    write_secrets(file, "teller-secret 7 "
                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff");
    EXPECT_SAID(&ledger, 0, "1 secrets", "secret", "import", "--file", file);
    write_secrets(file, "teller-secret 7 000102");
    EXPECT_SAID(&ledger, 65, "line 2: not a secret", "secret", "import", "--file", file);
    unlink(file);
    ledger_close(&ledger);
}

Test(verbs, test_secrets_that_cannot_be_read_are_not_called_none) {
    struct ledger ledger;
    ledger_open(&ledger, "verbs_disk", 1);
    EXPECT_SAID(&ledger, 64, strerror(EISDIR), "secret", "import", "--file", "/");
    ledger_close(&ledger);
}

Test(verbs, test_quarantined_record_is_listed_and_shown) {
    struct stage stage;
    char offset[24];
    stage_open(&stage, "verbs_quarantine", 1);
    const struct ledger *ledger = &stage.ledger;
    const char *id = "0193e4a0-7b1c-7def-8abc-00000000c0de";
    char lane[24];
    EXPECT_SAID(ledger, 0, "", "quarantine", "list");
    stage_teller(ledger, 0, NULL, 0, "open", "alice", "--currency", "KRW", "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "deposit", "alice", "5", "--id", id, "--wait", NULL);
    stage_teller(ledger, 1, NULL, 0, "deposit", "alice", "6", "--id", id, "--wait", NULL);
    EXPECT_SAID(ledger, 0, id, "quarantine", "list");
    EXPECT_SAID(ledger, 0, "\"reason\":\"id_conflict\"", "quarantine", "list", "--json");
    db_text(ledger->db, "SELECT log_offset::text FROM teller.quarantine", offset, sizeof offset);
    db_text(ledger->db, "SELECT lane::text FROM teller.quarantine", lane, sizeof lane);
    EXPECT_SAID(ledger, 0, "\"amount\":6", "quarantine", "show", lane, offset);
    EXPECT_SAID(ledger, 65, "nothing of lane", "quarantine", "show", lane, "0");
    stage_close(&stage);
}
