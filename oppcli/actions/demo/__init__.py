"""A made-up team with eight months of history, played through the program's own actions at stepped times."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oppcli import policy as policies
from oppcli.actions.demo.cast import cast
from oppcli.actions.demo.days import Days, hours
from oppcli.actions.demo.scripts import scripts
from oppcli.actions.demo.stories import Stories
from oppcli.actions.demo.team import Team
from oppcli.model.units import DAY_MS
from oppcli.store.doors import WriteDoor

HISTORY_MS = 243 * DAY_MS
"""Eight months."""
TEMPLATE = "b2b"


def begins(now: int) -> int:
    """When the history of a demo that ends now begins: what its door is opened with."""
    return now - HISTORY_MS


def play(
    door: WriteDoor,
    folder: Path,
    *,
    lang: str,
    now: int,
    seed: int,
    progress: Callable[[int], object] = lambda at: None,
) -> Team:
    """Fill an empty database with the history, all in the door's one transaction; files are written to `folder`.

    The same seed, language and `now` give the same history. `progress` is told the time of each act."""
    text = policies.template(TEMPLATE, lang)
    policy = policies.load(text).policy
    days = Days(policy.calendars[policy.calendar], now)
    team = Team(door, cast(lang), policy, days, folder)
    days.at = days.clock.opening(begins(now))
    team.found(text, f"{TEMPLATE}.{lang}")
    stories = Stories(team)
    first = days.clock.add(days.at, hours(1))
    for script in scripts(team.cast, policy, days, first, seed):
        days.begin(script.starts_at, stories.deal(script))
    for story in (stories.nightly(), stories.leave(), stories.resignation()):
        days.begin(first, story)
    selling = stories.selling
    for ago, story in (
        *((300, selling.twins(1, merged=True)), (20, selling.twins(20, merged=False))),
        *((700, selling.pool()), (130, selling.mondays())),
        *((4, selling.came_in(0)), (3, selling.book()), (2, selling.came_in(1))),
    ):
        days.begin(days.before_end(hours(ago)), story)
    with _uncollected():
        days.play(progress)
    return team


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for rings of objects meanwhile: of what a history makes there are next to none, and looking took
    a fifteenth of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
