#include "tests/harness/crowd.h"

#include <string.h>

#include "tests/harness/must.h"

void crowd_open(struct crowd *crowd, const struct ledger *ledger, int members) {
    must(members <= CROWD_MAX, "at most %d members", CROWD_MAX);
    *crowd = (struct crowd){.ledger = ledger, .count = members};
    for (int i = 0; i < members; i++) {
        struct crowd_member *member = &crowd->members[i];
        snprintf(member->script_path, sizeof member->script_path, "%s/crowd-%d.ndjson",
                 ledger->logs, i);
        snprintf(member->said_path, sizeof member->said_path, "%s/crowd-%d.out", ledger->logs, i);
        remove(member->said_path);
        member->script = fopen(member->script_path, "w");
        must(member->script != NULL, "cannot write %s", member->script_path);
    }
}

void crowd_start(struct crowd *crowd) {
    char teller[PROGRAM_PATH_MAX];
    program_path("teller", teller);
    for (int i = 0; i < crowd->count; i++) {
        must(fclose(crowd->members[i].script) == 0, "cannot write a script");
        crowd->members[i].script = NULL;
    }
    for (int i = 0; i < crowd->count; i++) {
        struct crowd_member *member = &crowd->members[i];
        const char *argv[] = {teller, "apply", member->script_path, "--wait", "--timeout",
                              "100",  NULL};
        process_start(&member->process, &(struct process_plan){.argv = argv,
                                                               .env = crowd->ledger->env,
                                                               .out = member->said_path});
    }
}

int crowd_join(struct crowd *crowd, int64_t timeout_ms) {
    int worst = 0;
    for (int i = 0; i < crowd->count; i++) {
        struct process *process = &crowd->members[i].process;
        must(process_wait(process, timeout_ms), "producer %d does not end", i);
        worst = process->status > worst ? process->status : worst;
        must(process->status >= 0, "producer %d died of signal %d", i, -process->status);
    }
    return worst;
}

int crowd_run(struct crowd *crowd, int64_t timeout_ms) {
    crowd_start(crowd);
    return crowd_join(crowd, timeout_ms);
}

int64_t crowd_count(const struct crowd *crowd, const char *text) {
    int64_t count = 0;
    for (int i = 0; i < crowd->count; i++) {
        FILE *said = fopen(crowd->members[i].said_path, "r");
        char line[1024];
        while (said != NULL && fgets(line, sizeof line, said) != NULL) {
            count += strstr(line, text) != NULL;
        }
        if (said != NULL) {
            fclose(said);
        }
    }
    return count;
}
