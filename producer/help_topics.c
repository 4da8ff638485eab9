#include "producer/help_topics.h"

#include <stddef.h>
#include <string.h>

const struct help_topic help_topics[] = {
    {"exit-codes",
     "Exit codes of teller (of many commands the largest counts):\n"
     "    0  accepted by the broker; with --wait: applied\n"
     "    1  rejected by a rule, nothing changed; reads: there is no such account\n"
     "   64  usage: the command line is wrong\n"
     "   65  bad data: refused before sending, or quarantined by the worker\n"
     "   69  broker or database cannot be reached; nothing was sent\n"
     "   70  a bug of ours\n"
     "   75  the outcome is not known: send again with the same id, which is always safe\n"
     "   77  not allowed: credentials or privileges\n"
     "   78  a person must decide: the topics are missing or have changed\n"
     "  130  interrupted\n"},
    {"outcomes",
     "A command is accepted when the broker has it, and applied when the database has\n"
     "committed it. Every command has one outcome:\n"
     "  applied      it took effect, once\n"
     "  rejected     a rule said no (insufficient_funds, account_frozen, ...); final\n"
     "  pending      under way in several lanes; applied or rejected will follow\n"
     "  quarantined  it could not be understood; its bytes and the reason are kept\n"
     "teller outcome ID shows it at any time. The same id sent again has no second\n"
     "effect and gets the first answer; with other contents it is refused (id_conflict).\n"},
    {"json", "--json prints one object per line, as schemas/cli.v1.json has it; fields may be\n"
             "added, never changed. Outcome lines have: v, state (valid, accepted, applied,\n"
             "pending, rejected, quarantined, invalid, unsent, unknown), and where they are\n"
             "known line, id, type, account, product, to, amount, quantity, price, currency,\n"
             "reason, detail, balance, available, version, lane, offset, duplicate, at, retry\n"
             "(the command line that sends the same command again) and record (of a dry\n"
             "run).\n\n"
             "--plain prints the same with tabs between: state, id, type, account, amount,\n"
             "lane, offset, reason, detail, balance, available, version, line, receiver or\n"
             "product, quantity, price. Columns may be added at the end.\n"},
    {"settings",
     "A flag counts for more than the environment, that for more than the settings\n"
     "file (--config, TELLER_CONFIG: lines of option = value), that for more than the\n"
     "default. teller config show --origin tells what holds and why. -b, -t, -X and -F\n"
     "are those of kcat; -F names a file of librdkafka properties. Secrets belong into\n"
     "files (-F, a PostgreSQL passfile), not into the command line.\n"},
};
const int help_topics_count = sizeof help_topics / sizeof *help_topics;

static const struct help_topic verb_topics[] = {
    {"apply", "Reads one JSON command per line (schemas/command.v1.json) from FILE, or from\n"
              "standard input for -, and prints one outcome line per command, in the order of\n"
              "the input. Blank lines are passed over.\n"
              "A regular file is looked through first: if any line is bad, the bad lines are\n"
              "named and nothing is sent (65). From standard input lines are taken one by one:\n"
              "a bad one is reported in its place and not sent, the others are.\n"
              "A line without an id is bad, unless --idempotency-key (the id is made from\n"
              "STRING:LINE, so that the same run can be repeated) or --make-ids is given.\n"},
    {"group", "JSON is an array of up to 16 members: deposit, withdraw, one hold, capture,\n"
              "release, without ids of their own:\n"
              "  teller group alice '[{\"type\":\"deposit\",\"amount\":5},\n"
              "                       {\"type\":\"withdraw\",\"amount\":3}]'\n"},
    {"transfer",
     "Between accounts of different lanes it is pending after the debit, and final with\n"
     "the credit; if that is refused the money comes back and it is rejected. --wait\n"
     "waits for the final answer.\n"},
    {"capture", "HOLD is the id of the hold. With --to the money goes to that account; if it is\n"
                "refused there it comes back, and the hold stays over.\n"},
    {"purchase",
     "--price is what the buyer saw: if the product costs more by then, the purchase is\n"
     "rejected (price_changed); if it costs less, less is paid. The money is held while\n"
     "the product is asked.\n"
     "  teller purchase alice sku-1 --quantity 3 --price 10000 --wait\n"},
    {"subscribe",
     "The money stays held until the product is finalized; then every subscriber gets\n"
     "his share of the stock, pays for it, and has the rest back. Until then teller\n"
     "unsubscribe ACCOUNT PRODUCT ID takes it back; ID is that of the command.\n"
     "  teller subscribe alice ipo-1 --quantity 50 --price 10000 --wait\n"},
    {"product", "Prints price, stock, what was sold, and whether it is open or finalized.\n"
                "A product that is called like a verb is shown by teller product -- NAME.\n"},
    {"product create",
     "  teller product create sku-1 --price 10000 --stock 10 --currency KRW\n"
     "With --mode subscription --stock is what will be allotted, and --cap limits what\n"
     "may be subscribed.\n"},
    {"product restock", "  teller product restock sku-1 5\n"
                        "  teller product restock sku-1 -- -5\n"},
    {"hold", "The id of the command names the hold: teller capture ACCOUNT ID and teller\n"
             "release ACCOUNT ID end it.\n"},
    {"workload",
     "Opens --accounts accounts acc-00000000 .. and then sends --count commands of a\n"
     "--shape: uniform, zipf, zipf-1.2, hot (one account), repeat (every tenth command is\n"
     "sent again), malformed (one of 100 is), mix, transfer (always to another lane),\n"
     "purchase or subscribe (of one product, sku-hot or ipo-hot, with --stock pieces). No\n"
     "headers, no --wait needed.\n"},
};

const struct help_topic *help_find_topic(const char *name) {
    for (int i = 0; i < help_topics_count; i++) {
        if (strcmp(help_topics[i].name, name) == 0) {
            return &help_topics[i];
        }
    }
    for (size_t i = 0; i < sizeof verb_topics / sizeof *verb_topics; i++) {
        if (strcmp(verb_topics[i].name, name) == 0) {
            return &verb_topics[i];
        }
    }
    return NULL;
}
