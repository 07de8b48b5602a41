"""What of a command's context is needed by the modules that the context itself calls."""

from collections.abc import Callable
from typing import Any, Protocol

from oppcli.config import Settings
from oppcli.model.journal import Stamp
from oppcli.model.policy import Policy


class Surroundings(Protocol):
    """See `oppcli.cli.context.Context`."""

    flags: dict[str, str | bool]
    channel: str
    dry_run: bool
    entries: list[Any]
    written: list[Any]
    currencies: dict[tuple[str, str], str]
    sight: Any
    run: int | None
    sign: Callable[[str], str] | None
    known: bool
    clock_minded: bool
    language: str | None
    applied: Policy | None
    cleared: set[str]

    @property
    def settings(self) -> Settings: ...

    @property
    def db(self) -> str: ...

    @property
    def now(self) -> int: ...

    @property
    def tz(self) -> str: ...

    @property
    def os_user(self) -> str: ...

    @property
    def actor(self) -> str: ...

    @property
    def basis(self) -> str: ...

    @property
    def interactive(self) -> bool: ...

    @property
    def wait_ms(self) -> int: ...

    def stamp(self, command: str, *, channel: str = "") -> Stamp: ...

    def say(self, text: str) -> None: ...

    def spoken(self, text: str) -> str: ...

    def mind_the_clock(self, at: int, so: str = "") -> None: ...
