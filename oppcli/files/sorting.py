"""Sorting more than fits into memory: sorted runs on disk, merged again."""

import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO, TypeVar, cast

from oppcli.errors import UsageError
from oppcli.model.said import of_system, say

RUN = 20_000
"""Items held at once."""
Item = TypeVar("Item", bound=tuple)  # type: ignore[type-arg]


def in_order(items: Iterable[Item], run: int | None = None) -> Iterator[Item]:
    """The items from the smallest to the largest. They are tuples of texts, numbers and lists; at most `run` of them
    (default `RUN`) are in memory, the rest lie in temporary files that are gone at the end."""
    feed, size = iter(items), run or RUN
    first = sorted(islice(feed, size))
    if len(first) < size:
        yield from first
        return
    with ExitStack() as files:
        runs = [_kept(first, files)]
        del first
        while following := sorted(islice(feed, size)):
            runs.append(_kept(following, files))
        yield from heapq.merge(*(cast(Iterator[Item], _read(run)) for run in runs))


def _kept(items: list[Item], files: ExitStack) -> IO[bytes]:
    file = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    try:
        for item in items:
            marshal.dump(item, file)
        file.seek(0)
    except OSError as error:
        where = tempfile.gettempdir()
        said = say("the rows cannot be sorted in {where}: {fault}", where=where, fault=of_system(error))
        raise UsageError(said, hint=say("TMPDIR=FOLDER names a place with room")) from None
    return file


def _read(file: IO[bytes]) -> Iterator[Item]:
    while True:
        try:
            item = marshal.load(file)
        except EOFError:
            return
        yield item
