"""What it costs to find the names that are alike among many: normal forms, and all pairs at once.

    python benchmarks/duplicates.py [--names 100000] [--least 85] [--sample 1500]

Made-up names of Chinese companies. All pairs are compared with what comparing each name with each would cost, reckoned
from a sample, whose pairs have to be the same either way.
"""

import argparse
import time
from collections.abc import Callable
from itertools import combinations
from typing import TypeVar

from world import firms

from oppcli.rules.likeness import alike, likeness
from oppcli.words.firms import firm

Answer = TypeVar("Answer")


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """What comes of it, and the seconds of the processor."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--names", type=int, default=100_000)
    asked.add_argument("--least", type=int, default=85)
    asked.add_argument("--sample", type=int, default=1_500)
    given = asked.parse_args()
    typed = firms(given.names)
    forms, normal_s = timed(lambda: list(dict.fromkeys(map(firm, typed))))
    found, join_s = timed(lambda: list(alike(forms, given.least)))
    some = forms[: given.sample]
    each = lambda: {(a, b) for a, b in combinations(range(len(some)), 2) if likeness(some[a], some[b]) >= given.least}  # noqa: E731
    slow, scan_s = timed(each)
    assert slow == {(one, other) for one, other, _ in alike(some, given.least)}
    whole_s = scan_s * (len(forms) / len(some)) ** 2
    print(f"{len(typed):,} names, {len(forms):,} normal forms, {len(found):,} pairs at {given.least}")
    print(f"normal forms {normal_s:.1f} s, all pairs {join_s:.1f} s: {join_s / normal_s:.1f} of the forms")
    print(
        f"each with each, reckoned from {len(some):,}: {whole_s:,.0f} s; all pairs are {join_s / whole_s:.5f} of that"
    )


if __name__ == "__main__":
    main()
