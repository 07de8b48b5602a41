"""Processes of their own that write: run as `python writers.py VERB URL …` by the tests of locks and crashes."""

import sys
from dataclasses import replace

import made

from oppcli import store
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp


def stamp(who: str) -> Stamp:
    return Stamp(actor=who, now=2_000_000_000_000, command="test")


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def raise_amount(url: str, who: str, times: int) -> None:
    """Read the deal, add one to its amount, write it; so many times, each in its own transaction."""
    for _ in range(times):
        with store.open_write(url, stamp(who), wait_ms=60_000) as door:
            deal = door.get(Deal, 1)
            assert deal.amount is not None
            door.save(deal, replace(deal, amount=deal.amount + 1))


def stop_in_the_middle(url: str) -> None:
    """Write more than memory holds, say so, and wait to be killed before the commit."""
    with store.open_write(url, stamp("li")) as door:
        if door.dialect == "sqlite":
            door.rows("PRAGMA cache_size = 20")
        door.add_many(replace(made.DEAL, title=f"half written {n}") for n in range(2_000))
        say("in the middle")
        sys.stdin.read()


def go_on(url: str) -> None:
    """Add a deal and advance it in one transaction, again and again, until killed."""
    say("going")
    while True:
        with store.open_write(url, stamp("li")) as door:
            deal = door.add(replace(made.DEAL, title="whole"))
            door.save(deal, made.advanced(deal))


if __name__ == "__main__":
    verb, url, *rest = sys.argv[1:]
    if verb == "raise":
        raise_amount(url, rest[0], int(rest[1]))
    elif verb == "stop":
        stop_in_the_middle(url)
    else:
        go_on(url)
