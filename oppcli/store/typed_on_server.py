"""A statement that somebody typed, on PostgreSQL: parsed alone, read through a cursor there, stopped in time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.numeric import NumericLoader

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.store import statements
from oppcli.store.doors import Row
from oppcli.store.server_errors import errors_of, translated
from oppcli.store.stopwatch import Stopwatch

FETCH = 1_000
CURSOR = "opp_asked"


class Typed:
    """One statement. What it answers comes in portions; decimals have all their digits."""

    def __init__(self, connection: psycopg.Connection[Row], url: str, seconds: int) -> None:
        self._connection, self._url, self._watch = connection, url, Stopwatch(seconds)
        self._cursor = connection.cursor()
        self._cursor.adapters.register_loader("numeric", NumericLoader)
        self._portion: list[Row] = []
        self._goes_on = False

    def begun(self, sql: str, values: Mapping[str, Any]) -> list[str]:
        """The names of its columns, and the first portion is here. It is parsed alone before: the server takes several
        in one text otherwise, and one of them might end the transaction. Refused with what the server says of it."""
        with errors_of(self._url):
            text = self._cursor.mogrify(statements.spelt(sql, "%({})s"), dict(values))  # type: ignore[attr-defined]
        with self._working():
            parsed = self._connection.pgconn.prepare(b"", text.encode())
            if parsed.status != psycopg.pq.ExecStatus.COMMAND_OK:
                raise _refused(parsed.get_error_message("utf-8"))
            self._goes_on = statements.first_word(sql) != "explain"  # which is no query with a cursor
            if self._goes_on:
                self._cursor.execute(f"DECLARE {CURSOR} NO SCROLL CURSOR FOR {text}")
            self._cursor.execute(f"FETCH {FETCH} FROM {CURSOR}" if self._goes_on else text)
            self._portion = self._cursor.fetchall()
        return [each.name for each in self._cursor.description or ()]

    def rows(self) -> Iterator[Row]:
        """Each row, once."""
        while self._portion:
            yield from self._portion
            if not self._goes_on:
                return
            with self._working():
                self._portion = self._cursor.execute(f"FETCH {FETCH} FROM {CURSOR}").fetchall()

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            self._connection.execute(f"SET LOCAL statement_timeout = {self._watch.milliseconds}")
            with self._watch.running():
                yield
        except psycopg.errors.QueryCanceled:
            raise self._watch.refusal from None
        except psycopg.OperationalError as error:
            raise translated(error, self._url) from None
        except psycopg.Error as error:
            raise _refused(str(error)) from None


def _refused(message: str) -> UsageError:
    first = message.strip().partition("\n")[0].removeprefix("ERROR:").strip()
    return UsageError(say("the database says: {message}", message=first))
