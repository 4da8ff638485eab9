#include "tests/harness/django_python.h"

#include <stdio.h>
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define INSTALL_TIMEOUT_MS 300000

void django_python(char path[DJANGO_PYTHON_MAX]) {
    char home[DJANGO_PYTHON_MAX];
    snprintf(home, sizeof home, "%s/venv-django", must_getenv("TELLER_SANDBOX"));
    const char *const argv[] = {"tests/sandbox/venv", home, "tests/harness/requirements.txt", NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, INSTALL_TIMEOUT_MS);
    must(captured.status == 0, "no Django: %s", captured.err);
    size_t len = strcspn(captured.out, "\n");
    must(len > 0 && len < DJANGO_PYTHON_MAX, "no path: %s", captured.out);
    (void)snprintf(path, DJANGO_PYTHON_MAX, "%.*s", (int)len, captured.out);
    captured_close(&captured);
}
