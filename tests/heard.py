"""What is asked of databases in files: every statement, as it is sent."""

import sqlite3
from typing import Any

import pytest


def heard(patch: pytest.MonkeyPatch) -> list[str]:
    """The statements from now on, in the order in which they are sent; the list grows."""
    connect, said = sqlite3.connect, list[str]()

    def listening(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        connection.set_trace_callback(said.append)
        return connection

    patch.setattr(sqlite3, "connect", listening)
    return said
