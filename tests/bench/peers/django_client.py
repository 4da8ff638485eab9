"""Deposits and withdrawals in Django, as its engineers write them: a locked row, save(), create().

usage: django_client.py < plan

The plan is a JSON object: database, accounts, short (percent of commands beyond all funds), run_ms
(0: a few commands), and for each client its socket and its seed.
"""

import json
import random
import sys
import time
import uuid
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "harness"))
from pack_client import now_us, run_pack  # noqa: E402

PLAN = json.load(sys.stdin)
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **PLAN["database"]}})
django.setup()

from django.db import connection, models, transaction  # noqa: E402

DONE, REFUSED = range(2)
APPLIED, SHORT_OF_FUNDS = 1, 2
FEW_COMMANDS = 25


class Account(models.Model):
    id = models.BigIntegerField(primary_key=True)
    balance = models.BigIntegerField()
    floor = models.BigIntegerField()
    version = models.BigIntegerField()
    last_id = models.UUIDField(null=True)

    class Meta:
        app_label = "peers"
        db_table = "account"


class Entry(models.Model):
    """Time, hash and memo have defaults in the table."""

    command_id = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    asked = models.BigIntegerField()
    amount = models.BigIntegerField()
    balance = models.BigIntegerField(null=True)
    version = models.BigIntegerField(null=True)
    outcome = models.SmallIntegerField()

    class Meta:
        app_label = "peers"
        db_table = "journal"


def new_id(dice):
    """Version 7 (RFC 9562, 5.7): ids that rise with the time."""
    bits = time.time_ns() // 1_000_000 << 80 | 7 << 76 | dice.getrandbits(12) << 64
    return uuid.UUID(int=bits | 2 << 62 | dice.getrandbits(62))


def draw_amount(dice):
    if dice.randrange(100) < PLAN["short"]:
        return -10**12
    return dice.choice((-1, 1)) * dice.randint(1, 1000)


@transaction.atomic
def apply(command_id, pk, amount):
    account = Account.objects.select_for_update().get(pk=pk)
    is_refused = account.balance + amount < account.floor
    if not is_refused:
        account.balance += amount
        account.version += 1
        account.last_id = command_id
        account.save(update_fields=["balance", "version", "last_id"])
    Entry.objects.create(
        command_id=command_id, account=pk, asked=amount, amount=0 if is_refused else amount,
        balance=account.balance, version=account.version,
        outcome=SHORT_OF_FUNDS if is_refused else APPLIED)
    return REFUSED if is_refused else DONE


def goes_on(reporter, began):
    if PLAN["run_ms"]:
        return now_us() - began < PLAN["run_ms"] * 1000
    return len(reporter.records) < FEW_COMMANDS


def run_client(reporter, client):
    dice = random.Random(client["seed"])
    connection.ensure_connection()
    reporter.await_go()
    while goes_on(reporter, reporter.began):
        pk = dice.randint(1, PLAN["accounts"])
        amount = draw_amount(dice)
        command_id = new_id(dice)
        asked = now_us()
        answer = apply(command_id, pk, amount)
        reporter.add(now_us() - asked, answer)
    reporter.send()
    connection.close()


if __name__ == "__main__":
    run_pack(PLAN["clients"], run_client)
