"""Sorting more than fits into memory: sorted runs on disk, merged again."""

import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, TypeVar, cast

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
    runs = [_kept(first)]
    del first
    while following := sorted(islice(feed, size)):
        runs.append(_kept(following))
    yield from heapq.merge(*(cast(Iterator[Item], _read(run)) for run in runs))


def _kept(items: list[Item]) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115
    for item in items:
        marshal.dump(item, file)
    file.seek(0)
    return cast(BinaryIO, file)


def _read(file: BinaryIO) -> Iterator[Item]:
    with file:
        while True:
            try:
                item = marshal.load(file)
            except EOFError:
                return
            yield item
