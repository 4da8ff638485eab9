#include <stdio.h>
#include <string.h>

#include "common/version.h"
#include "producer/help_topics.h"
#include "producer/verbs.h"

static void list_verbs(FILE *out) {
    fputs("teller sends money commands through Kafka and reads what became of them.\n\n"
          "usage: teller VERB [OPERANDS] [OPTIONS]\n\n",
          out);
    for (int i = 0; i < cli_verbs_count; i++) {
        char head[64];
        snprintf(head, sizeof head, "%s %s", cli_verbs[i].name, cli_verbs[i].operands);
        fprintf(out, "  %-33s %s\n", head, cli_verbs[i].summary);
    }
    fputs("\nteller help VERB explains a verb; topics:", out);
    for (int i = 0; i < help_topics_count; i++) {
        fprintf(out, " %s", help_topics[i].name);
    }
    fputs("\n\n  teller open alice --currency KRW --wait\n"
          "  teller deposit alice 10000 --wait\n"
          "  teller balance alice\n",
          out);
}

void verb_help_of(const struct verb *verb, FILE *out) {
    struct option table[SETTINGS_MAX];
    int count = settings_table(verb->groups | SETTINGS_OUTPUT, table);
    fprintf(out, "usage: teller %s%s%s [OPTIONS]\n\n%s.\n\n", verb->name,
            verb->operands[0] != '\0' ? " " : "", verb->operands, verb->summary);
    const struct help_topic *topic = help_find_topic(verb->name);
    if (topic != NULL) {
        fprintf(out, "%s\n", topic->text);
    }
    options_help(table, count, out);
}

/* The verbs of two words that begin with this one. */
static void list_family(const struct verb *verb, FILE *out) {
    size_t len = strlen(verb->name);
    for (int i = 0; i < cli_verbs_count; i++) {
        const char *name = cli_verbs[i].name;
        if (strncmp(name, verb->name, len) == 0 && name[len] == ' ') {
            fprintf(out, "see also: teller help %s\n", name);
        }
    }
}

int verb_help(struct cli *cli) {
    if (cli->operands_count == 0) {
        list_verbs(stdout);
        return 0;
    }
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", cli->operands[0], cli->operands_count > 1 ? " " : "",
             cli->operands_count > 1 ? cli->operands[1] : "");
    const struct verb *verb = cli_find_verb(name);
    const struct help_topic *topic = help_find_topic(name);
    if (verb != NULL) {
        verb_help_of(verb, stdout);
        list_family(verb, stdout);
    } else if (topic != NULL) {
        fputs(topic->text, stdout);
    } else {
        struct err err = ERR_INIT;
        err_set(&err, ERR_USAGE, "no help on %s; teller help lists verbs and topics", name);
        return cli_fail(&err);
    }
    return 0;
}

int verb_version(struct cli *cli) {
    struct render render;
    cli_render(cli, &render);
    strbuf_printf(&render.line,
                  render.form == RENDER_JSON ? "{\"v\":1,\"version\":\"%s\"}" : "teller %s",
                  TELLER_VERSION);
    render_line(&render);
    render_close(&render);
    return 0;
}

int verb_config(struct cli *cli) {
    if (strcmp(cli->operands[0], "show") != 0) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_USAGE, "config: only show is known, not %s", cli->operands[0]);
        return cli_fail(&err);
    }
    settings_show(&cli->settings, cli->origins, cli->settings.origin, stdout);
    return 0;
}

static void list_options(const struct verb *verb, FILE *out) {
    struct option table[SETTINGS_MAX];
    int count = settings_table(verb->groups | SETTINGS_OUTPUT, table);
    bool is_pair = cli_verb_words(verb) == 2;
    fprintf(out, "    '%s%s) words='", verb->name, is_pair ? "'" : " '*");
    for (int i = 0; i < count; i++) {
        fprintf(out, "%s--%s", i > 0 ? " " : "", table[i].name);
    }
    fputs("' ;;\n", out);
}

/* The first words of all verbs; or, for one, the second words of those that begin with it. */
static void list_words(const char *first, FILE *out) {
    size_t len = first == NULL ? 0 : strlen(first);
    const char *blank = "";
    for (int i = 0; i < cli_verbs_count; i++) {
        const char *name = cli_verbs[i].name;
        bool is_pair = cli_verb_words(&cli_verbs[i]) == 2;
        if (first == NULL ? !is_pair : strncmp(name, first, len) == 0 && name[len] == ' ') {
            fprintf(out, "%s%s", blank, first == NULL ? name : name + len + 1);
            blank = " ";
        }
    }
}

int verb_completion(struct cli *cli) {
    if (strcmp(cli->operands[0], "bash") != 0) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_USAGE, "completion: only bash is known, not %s", cli->operands[0]);
        return cli_fail(&err);
    }
    fputs("# For bash: eval \"$(teller completion bash)\"\n"
          "_teller() {\n  local words='' now=${COMP_WORDS[COMP_CWORD]}\n"
          "  if ((COMP_CWORD == 1)); then\n    words='",
          stdout);
    list_words(NULL, stdout);
    fputs("'\n  elif [[ $now == -* ]]; then\n    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
          stdout);
    for (int words = 2; words >= 1; words--) {
        for (int i = 0; i < cli_verbs_count; i++) {
            if (cli_verb_words(&cli_verbs[i]) == words) {
                list_options(&cli_verbs[i], stdout);
            }
        }
    }
    fputs("    esac\n  elif ((COMP_CWORD == 2)) && [[ ${COMP_WORDS[1]} == product ]]; then\n"
          "    words='",
          stdout);
    list_words("product", stdout);
    fputs("'\n  fi\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$now\")\n"
          "  [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- \"$now\")\n"
          "}\ncomplete -F _teller teller\n",
          stdout);
    return 0;
}
