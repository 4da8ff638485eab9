"""Clients of the race lab in Django: the code that Django engineers write, in real processes.

usage: django_clients.py < plan

The plan is a JSON object: technique, dsn, think_ms, rounds, per_round, run_ms, and for each client
its socket and its script. What is said over a socket is described in protocol.h.
"""

import json
import os
import socket
import struct
import sys
import time

import django
from django.conf import settings

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


def now_us():
    return time.monotonic_ns() // 1000


def goes_on(began, done):
    if PLAN["per_round"]:
        return done < PLAN["per_round"]
    return now_us() - began < PLAN["run_ms"] * 1000


def run_round(script, records):
    began = now_us()
    done = 0
    while goes_on(began, done):
        asked = now_us()
        answer = ask(script[len(records) % len(script)])
        records.append((min(now_us() - asked, 2**32 - 1), answer, 0))
        done += 1


def run_client(link, script):
    records = []
    began = None
    connection.ensure_connection()
    for _ in range(PLAN["rounds"]):
        link.sendall(b"R")
        if link.recv(1) != b"G":
            return
        began = began or now_us()
        run_round(script, records)
    link.sendall(struct.pack("=qqq", began, now_us(), len(records)))
    link.sendall(b"".join(struct.pack("=IHH", *record) for record in records))


def main():
    links = [socket.socket(fileno=client["socket"]) for client in PLAN["clients"]]
    for link, client in zip(links, PLAN["clients"]):
        if os.fork() == 0:
            for other in links:
                if other is not link:
                    other.close()
            run_client(link, client["script"])
            connection.close()
            os._exit(0)
    for link in links:
        link.close()
    sys.exit(max(os.waitstatus_to_exitcode(os.wait()[1]) != 0 for _ in links))


if __name__ == "__main__":
    main()
