"""What a transition returns: the next request, whom to tell, and what the journal should say happened."""

from typing import Any, NamedTuple

from oppcli.model.requests import Notice, Request


class Event(NamedTuple):
    """One thing that happened, for the trail."""

    verb: str
    actor: str
    step: str | None = None
    seat: int | None = None
    on_behalf_of: str | None = None
    reason: str | None = None
    was: str | None = None
    now: str | None = None
    """State before and after, of the seat or step or request it happened to."""
    should: int | None = None
    """For what the clock does: when it should have happened."""
    level: int | None = None
    """Of an escalation: 1, 2 …"""

    def told(self) -> dict[str, Any]:
        """What is set, for the journal."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Transition(NamedTuple):
    """The request after it, notices and events in order. Where the request is unchanged, nothing happened."""

    request: Request
    notices: tuple[Notice, ...] = ()
    events: tuple[Event, ...] = ()

    def then(self, following: "Transition") -> "Transition":
        """Both, in order; the request is the later one's."""
        return Transition(following.request, self.notices + following.notices, self.events + following.events)

    def telling(self, *notices: Notice) -> "Transition":
        return self._replace(notices=self.notices + notices)
