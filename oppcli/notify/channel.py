"""A channel: whom and what it is for, and a carrier that does the sending, in bounded time whatever happens there."""

from collections.abc import Callable, Mapping
from importlib import import_module
from threading import Thread
from typing import Any, Protocol, cast

from oppcli.errors import Undelivered
from oppcli.model.approver import role, user
from oppcli.model.command import BLANK, command
from oppcli.model.deliveries import NOT_FOR_THEM, Letter
from oppcli.model.people import User
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

EVERYONE = "everyone"
WAITS = 3
"""A letter may take this many times the timeout: connecting, greeting, and the answer are a wait each."""
CARRIERS = {
    "smtp": ("smtp", "Smtp"),
    "sendmail": ("sendmail", "Sendmail"),
    "webhook": ("webhook", "Webhook"),
    "command": ("command", "Command"),
}


class Spec(NamedTuple):
    """A channel as the configuration describes it."""

    name: str
    kind: str
    """smtp, sendmail, webhook, command."""
    to: tuple[str, ...] = (EVERYONE,)
    """everyone, role:NAME, user:LOGIN."""
    kinds: tuple[str, ...] = ()
    """Kinds of notices it carries; empty: all."""
    quiet: bool = True
    """Only in business hours."""
    timeout: float = 10.0
    """Seconds to wait for each of: a connection, an answer."""
    ids: Mapping[str, str] = {}
    """Login → what the other side calls this person, to be mentioned by."""
    events: tuple[str, ...] = ()
    """Which entries of the journal it is told, as `model.events` reads them."""
    values: Mapping[str, Any] = {}
    """What only this kind has; sources for secrets, never secrets."""


class Carrier(Protocol):
    """Takes a letter to the other side."""

    by_mail: bool
    """Needs a mail address."""

    def send(self, letter: Letter) -> None:
        """Returns when the other side took it. Raises `Undelivered`."""
        ...

    def close(self) -> None: ...

    def where(self) -> str:
        """Where it goes, for people: a host or a program, without secrets."""
        ...

    def lacks(self) -> str | None:
        """What is missing before anything can be sent; None when it is complete."""
        ...


class Teller(Protocol):
    """A carrier that also takes events."""

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        """Returns when the other side took it. Raises `Undelivered`."""
        ...


class Channel:
    """Whom and what a carrier is for."""

    def __init__(self, spec: Spec, carrier: Carrier) -> None:
        self.spec, self.carrier = spec, carrier
        self.name, self.quiet, self.by_mail = spec.name, spec.quiet, carrier.by_mail
        self.limit = WAITS * spec.timeout
        self._stuck = False

    def gap(self, person: User, roles: frozenset[str]) -> str | None:
        """Why it does not reach this person; None when it does."""
        meant = {EVERYONE, user(person.login), *map(role, roles)}
        if not meant.intersection(self.spec.to):
            return NOT_FOR_THEM
        if self.carrier.by_mail:
            from oppcli.words.emails import mailbox

            if mailbox(person.email) is None:
                return say(
                    "no usable mail address ({edit})", edit=command("user", "edit", person.login, "--email", BLANK)
                )
        return None

    def carries(self, kind: str) -> bool:
        return not self.spec.kinds or kind in self.spec.kinds

    def send(self, letter: Letter) -> None:
        """Returns when the other side took the letter. Raises `Undelivered`, also when it does not answer in time."""
        self._bounded(lambda: self.carrier.send(letter))

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        """The same of an event; `settings` lets no carrier have events that takes none."""
        self._bounded(lambda: cast(Teller, self.carrier).tell(key, body))

    def _bounded(self, send: Callable[[], None]) -> None:
        answers: list[BaseException | None] = []

        def attempt() -> None:
            try:
                send()
                answers.append(None)
            except BaseException as error:
                answers.append(error)

        # A socket's timeout bounds one wait, not a conversation, and nothing bounds the look-up of a name. The thread
        # does: what is not done in time is left behind and ends with the program.
        thread = Thread(target=attempt, name=f"notify {self.name}", daemon=True)
        thread.start()
        thread.join(self.limit)
        if not answers:
            self._stuck = True
            raise Undelivered(say("no answer within {seconds:g} s", seconds=self.limit), down=True)
        if isinstance(answers[0], Undelivered):
            raise answers[0]
        if answers[0] is not None:
            # Its text might hold an address or a secret.
            raise Undelivered(say("unexpected {name}", name=type(answers[0]).__name__), down=True) from None

    def close(self) -> None:
        """End the conversation, unless it was left behind. Never raises and never waits long."""
        if self._stuck:
            return
        thread = Thread(target=self.carrier.close, name=f"close {self.name}", daemon=True)
        thread.start()
        thread.join(self.spec.timeout)


def carrier(spec: Spec, environ: Mapping[str, str]) -> Carrier:
    """The carrier of a channel that was checked."""
    module, name = CARRIERS[spec.kind]
    values = {**spec.values, "ids": spec.ids}
    made: Carrier = getattr(import_module(f"oppcli.notify.{module}"), name)(values, spec.timeout, environ)
    return made
