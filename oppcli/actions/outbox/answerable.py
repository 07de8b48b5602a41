"""Letters that can be answered: what is decided by mail comes with a code, made anew each time the letter goes out."""

from collections.abc import Callable
from functools import partial

from oppcli.model.codes import MAIL
from oppcli.model.deliveries import Delivery, Letter
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.refs import number
from oppcli.rules.digests import Reader
from oppcli.store.doors import WriteDoor

Coded = Callable[[WriteDoor, Delivery, Letter], Letter]
Brief = Callable[..., str]
"""(door, login, `R-31`, lang=…) → what somebody is told of a request that they decide by mail."""


def coding(policy: Policy, reads: Callable[[WriteDoor, User], Reader], brief: Brief | None) -> Coded | None:
    """What puts codes into a letter, and before each what is decided with it (`brief`); None where nothing is decided
    by mail, which then costs nothing."""
    if not any(MAIL in rule.away for rule in policy.types.values()):
        return None

    def coded(door: WriteDoor, delivery: Delivery, letter: Letter) -> Letter:
        """The letter with its codes, which only its reader gets: what is kept of it has none. One that goes out again
        has another key, for a mailbox would pass over what it believes to have already, and its codes are new."""
        from oppcli.actions.codes import in_letter

        asked = sorted({number("request", item.request) or 0 for item in letter.items if item.request})
        reader = reads(door, door.get(User, delivery.to))
        opened = None if brief is None else partial(brief, door, delivery.to, lang=letter.lang)
        told = in_letter(door, delivery.to, asked, policy, reader, opened) if asked else ""
        if not told:
            return letter
        key = letter.key if delivery.attempts < 2 else f"{letter.key}.{delivery.attempts}"
        return letter._replace(text=f"{letter.text}\n\n{told}", key=key)

    return coded
