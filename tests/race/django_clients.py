"""Clients of the race lab in Django: the code that Django engineers write, in real processes.

usage: django_clients.py < plan

The plan is a JSON object: technique, dsn, think_ms, rounds, per_round, run_ms, and for each client
its socket and its script. What is said over a socket is described in protocol.h.
"""

import json
import sys
import time
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))
from pack_client import now_us, run_pack  # noqa: E402

PLAN = json.load(sys.stdin)
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **PLAN["database"]}})
django.setup()

from django.db import DatabaseError, connection, models, transaction  # noqa: E402
from django.db.models import F  # noqa: E402

DONE, REFUSED, ERROR = range(3)


class Row(models.Model):
    id = models.BigIntegerField(primary_key=True)
    value = models.BigIntegerField()
    version = models.BigIntegerField(default=0)

    class Meta:
        app_label = "race"
        db_table = "row"


class Member(models.Model):
    club = models.BigIntegerField()
    who = models.BigIntegerField()

    class Meta:
        app_label = "race"
        db_table = "member"


class Refused(Exception):
    """A rule says no; atomic() rolls back."""


def think():
    if PLAN["think_ms"]:
        time.sleep(PLAN["think_ms"] / 1000)


@transaction.atomic
def move_by_save(objects, op):
    rows = [objects().get(pk=pk) for pk, _ in op["moves"]]
    think()
    for row, (_, delta) in zip(rows, op["moves"]):
        row.value += delta
        if delta < 0 and row.value < 0:
            raise Refused
        row.save()


@transaction.atomic
def move_by_f(_, op):
    for pk, delta in op["moves"]:
        Row.objects.filter(pk=pk).update(value=F("value") + delta)


@transaction.atomic
def join(objects, op):
    club = objects().get(pk=op["moves"][0][0])
    taken = Member.objects.filter(club=club.pk).count()
    think()
    if taken >= club.value:
        raise Refused
    Member.objects.create(club=club.pk, who=op["who"])


TECHNIQUES = {
    "django-naive": (move_by_save, Row.objects.all),
    "django-f": (move_by_f, None),
    "django-for-update": (move_by_save, Row.objects.select_for_update),
}


def ask(op):
    move, objects = TECHNIQUES[PLAN["technique"]]
    try:
        (join if op["join"] else move)(objects, op)
    except Refused:
        return REFUSED
    except DatabaseError:
        return ERROR
    return DONE


def goes_on(began, done):
    if PLAN["per_round"]:
        return done < PLAN["per_round"]
    return now_us() - began < PLAN["run_ms"] * 1000


def run_round(script, reporter):
    began = now_us()
    done = 0
    while goes_on(began, done):
        asked = now_us()
        answer = ask(script[len(reporter.records) % len(script)])
        reporter.add(now_us() - asked, answer)
        done += 1


def run_client(reporter, client):
    connection.ensure_connection()
    for _ in range(PLAN["rounds"]):
        reporter.await_go()
        run_round(client["script"], reporter)
    reporter.send()
    connection.close()


if __name__ == "__main__":
    run_pack(PLAN["clients"], run_client)
