"""Shows for every rule that it finds its violation, and that a good tree passes all of them."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import rules_code
import rules_include
import rules_text
import rules_tree
from tree import Tree

RULES = {rule.__name__: rule for module in (rules_text, rules_code, rules_include, rules_tree)
         for rule in module.RULES}

GOOD = {
    "common/sum.h": """\
/* Sums that never wrap. */
#ifndef TELLER_COMMON_SUM_H
#define TELLER_COMMON_SUM_H

#include <stdint.h>

/* a + b. */
int64_t sum_add(int64_t a, int64_t b);

#endif
""",
    "common/sum.c": """\
#include "common/sum.h"

static const char *const sum_names[] = {"strcpy(", "a"};
static const struct sum_row { int a; } sum_rows[] = {{1}};

/* Not strcpy(a, b), nor goto nowhere. */
int64_t sum_add(int64_t a,
                int64_t b) {
    static const int bias = 0;
    return a + b + bias + (sum_names[0] == 0) + sum_rows[0].a;
}
""",
    "tests/unit/sum_test.c": """\
#include <criterion/criterion.h>

#include "common/sum.h"

Test(sum, test_sum_adds_both) {
    cr_assert_eq(sum_add(1, 2), 4);
}
""",
    "consumer/adapters/pg_private.h": """\
/* Seen by pg_... files only. */
#ifndef TELLER_PG_PRIVATE_H
#define TELLER_PG_PRIVATE_H

#include <libpq-fe.h>

int pg_private_go(PGconn *conn);

#endif
""",
    "consumer/adapters/pg_store.c": '#include "consumer/adapters/pg_private.h"\n',
    "README.md": "Sums.\n",
}


def header(path: str, body: str) -> dict[str, str]:
    guard = "TELLER_" + path.upper().replace("/", "_").replace(".", "_")
    return {path: f"/* A. */\n#ifndef {guard}\n#define {guard}\n{body}\n#endif\n"}


BODY = "{\n    int a = 1;\n    a++;\n    a--;\n    return a;\n}\n"
# Rule -> trees of which each breaks it.
BAD = {
    "line_length": [{"common/a.c": "int a" + "a" * 100 + ";\n"}, {"Makefile": "#" * 101}],
    "file_length": [{"common/a.c": "\n" * 401}, {"common/a.h": "\n" * 151}],
    "function_length": [{"common/a.c": "int a(void) {\n" + "    b();\n" * 70 + "}\n"},
                        {"tests/unit/a.c": "Test(a, b) {\n" + "\n" * 70 + "}\n"},
                        {"common/a.c": "int a(int b,\n      int c) {\n" + "\n" * 70 + "}\n"}],
    "white_space": [{"common/a.c": "\tint a;\n"}, {"common/a.c": "int a; \n"},
                    {"common/a.c": "int a;"}],
    "leftovers": [{"README.md": "TO" + "DO: all\n"}, {"common/a.c": "/* FIX" + "ME */\n"}],
    "machine_paths": [{"README.md": "cd /ho" + "me/bob\n"}],
    "sundries": [{"common/utils.c": ""}, {"producer/misc.h": ""}, {"consumer/core/common.h": ""}],
    "banned_calls": [{"common/a.c": f"int a(void) {{\n    {call}(b);\n}}\n"}
                     for call in rules_code.BANNED],
    "confined_calls": [{"producer/a.c": f"int a(void) {{\n    {call}(b);\n}}\n"}
                       for call in rules_code.CONFINED],
    "core_allocates_at_birth_only": [
        {"consumer/core/a.c": "int a_apply(int b) {\n    c = malloc(b);\n}\n"},
        {"consumer/core/a.c": "int allocated(int b) {\n    c = malloc(b);\n}\n"}],
    "impossible_places_say_why": [
        {"common/a.c": "int a(void) {\n    CHECK(false);\n}\n"},
        {"common/a.c": 'int a(void) {\n    check_failed("b", __FILE__, __LINE__);\n}\n'}],
    "single_cleanup_label": [{"common/a.c": "int a(void) {\n    goto out;\n}\n"}],
    "no_struct_typedef": [{"common/a.c": "typedef struct a { int b; } a_t;\n"}],
    "no_bare_if_macro": [{"common/a.c": "#define A(b) if (b) c()\n"},
                         {"common/a.c": "#define A(b) for (;;)\n"}],
    "braced_bodies": [{"common/a.c": "int a(int b) {\n    if (b)\n        return 1;\n}\n"},
                      {"common/a.c": "int a(int b) {\n    for (int i = 0;\n         i < b; i++)\n"
                                     "        c();\n}\n"},
                      {"common/a.c": "#define A(b) \\\n    do { \\\n        if (b) \\\n"
                                     "            c(); \\\n    } while (0)\n"}],
    "no_mutable_global": [{"common/a.c": "static int a;\n"},
                          {"common/a.c": "static const char *a = 0;\n"},
                          {"common/a.c": "static struct b a[3] = {0};\n"},
                          {"common/a.c": "int a(void) {\n    static int b = 1;\n}\n"},
                          {"common/a.c": "_Thread_local int a;\n"},
                          {"common/a.c": "static int a; /* b */\n"},
                          {"common/rt/log.c": "static int a;\n"}],
    "module_prefix": [header("common/a.h", "int b_get(void);"),
                      header("common/a.h", "const char *\nother(int b);")],
    "test_names": [{"tests/unit/a.c": "Test(a, works) {\n}\n"},
                   {"tests/unit/a.c": "Test(a, test_a) {\n}\n"}],
    "rooms": [{"common/a.c": '#include "consumer/core/lane.h"\n'},
              {"common/a.c": '#include "common/rt/log.h"\n'},
              {"common/pg/a.c": '#include "common/kafka/kconf.h"\n'},
              {"consumer/core/a.c": '#include "consumer/adapters/a.h"\n'},
              {"consumer/core/a.c": '#include "common/rt/log.h"\n'},
              {"consumer/adapters/a.c": '#include "consumer/runtime/a.h"\n'},
              {"consumer/verbs/a.c": '#include "consumer/runtime/a.h"\n'},
              {"consumer/a.c": '#include "producer/a.h"\n'},
              {"producer/a.c": '#include "consumer/core/lane.h"\n'},
              {"producer/a.c": '#include "tests/harness/a.h"\n'}],
    "includes_from_the_root": [{"common/b.c": '#include "sum.h"\n'},
                               {"common/b.c": "#include <common/sum.h>\n"},
                               {"common/b.c": '#include "stdio.h"\n'}],
    "pure_rooms": [{"common/a.c": "#include <unistd.h>\n"},
                   {"consumer/core/a.c": "#include <time.h>\n"},
                   {"consumer/core/a.c": "#include <uthash.h>\n"}],
    "libraries": [{"producer/a.c": "#include <jansson.h>\n"},
                  {"producer/a.c": "#include <openssl/sha.h>\n"},
                  {"producer/query.c": "#include <librdkafka/rdkafka.h>\n"},
                  {"consumer/adapters/pg_store.c": "#include <librdkafka/rdkafka.h>\n"},
                  {"consumer/runtime/a.c": "#include <libpq-fe.h>\n"},
                  {"producer/a.c": "#include <postgresql/libpq-fe.h>\n"},
                  {"consumer/runtime/a.c": "#include <microhttpd.h>\n"},
                  {"consumer/runtime/a.c": "#include <ini.h>\n"},
                  {"consumer/core/a.c": "#include <utlist.h>\n"},
                  {"consumer/adapters/a.c": "#include <pthread.h>\n"},
                  {"consumer/core/a.c": "#include <threads.h>\n"}],
    "adapter_headers_hide_libraries": [
        header("consumer/adapters/a.h", "int a_go(PGconn *c);")
        | {"consumer/adapters/a.c": '#include "consumer/adapters/a.h"\n'},
        header("consumer/adapters/pg_a.h", "int pg_a_go(PGconn *c);")
        | {"consumer/verbs/a.c": '#include "consumer/adapters/pg_a.h"\n'},
        header("consumer/adapters/pg_a.h", "int pg_a_go(PGconn *c);")
        | header("consumer/adapters/pg_b.h", '#include "consumer/adapters/pg_a.h"')
        | {"consumer/adapters/a.c": '#include "consumer/adapters/pg_b.h"\n'},
        header("consumer/adapters/outbox.h", "rd_kafka_t *outbox_k(void);")
        | {"consumer/runtime/a.c": '#include "consumer/adapters/outbox.h"\n'}],
    "header_guard": [{"common/a.h": "#ifndef A_H\n#define A_H\n#endif\n"},
                     {"common/a.h": "int a;"},
                     {"common/a.h": "#ifndef TELLER_A_H\n#define TELLER_A_H\n#endif\n",
                      "common/b/a.h": "#ifndef TELLER_A_H\n#define TELLER_A_H\n#endif\n"}],
    "header_says_what_for": [{"common/a.h": "#ifndef A\n"}],
    "no_umbrella_header": [header("common/a.h", '#include "common/sum.h"')],
    "header_stands_alone": [header("common/a.h", "int a_get(size_t b);"),
                            {"common/a.h": "struct a { int b; };\n"}],
    "no_dead_file": [header("common/a.h", "int a_get(void);"), {"consumer/odd/a.c": ""},
                     {"tests/sandbox/odd-one": "#!/bin/bash\n"}, {"tests/trace/a.golden": "x\n"}],
    "shell_is_clean": [{"tests/sandbox/odd": "#!/bin/bash\nrm $1\n"}],
    "no_second_copy": [{"common/a.c": "static int a(void) " + BODY,
                        "common/b.c": "static int b(void) " + BODY}],
}


def findings(rule: str, files: dict[str, str]) -> list:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        for path, text in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return list(RULES[rule](Tree(Path(folder))))


class TestRules(unittest.TestCase):
    def test_every_rule_has_a_violation_here(self):
        self.assertEqual(sorted(RULES), sorted(BAD))

    def test_every_rule_gives_its_reason(self):
        for name, rule in RULES.items():
            self.assertTrue(rule.__doc__, name)

    def test_violations_are_found(self):
        for name, trees in BAD.items():
            for files in trees:
                with self.subTest(rule=name, files=files):
                    broken = {finding.path for finding in findings(name, GOOD | files)}
                    self.assertTrue(broken & set(files), f"{name} overlooks {files}")

    def test_a_good_tree_passes(self):
        for name in RULES:
            with self.subTest(rule=name):
                self.assertEqual(findings(name, GOOD), [])
