"""What is to become of each deal of the demo: dealt from decks, so that every fate is there whatever the seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from oppcli.actions.demo.cast import Cast
from oppcli.actions.demo.days import Days, hours
from oppcli.model.policy import Policy

_DEALS = 96
WON, LOST, STALLS = "won", "lost", "stalls"
FATES = (
    *(((WON, 99),) * 9),
    *((LOST, stage) for stage in (0, 0, 1, 2, 2, 3, 3, 4, 4, 5)),
    *((STALLS, stage) for stage in (1, 2, 4)),
)
"""(what happens, in which stage of the pipeline), in the proportions of a deck; those who win pass all stages."""
SETBACKS = ("reject", "return", "haggle", "", "", "", "", "", "")
STUCK_SINCE = (22, 34, 46, 58)
"""Business hours ago at which a deal began whose last approver has not answered: one for each type a gate asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One deal: what its seller types, and how it ends unless a rule, an approver or today's date comes first."""

    starts_at: int
    seller: str
    title: str
    customer: str
    amount: int
    """In units of the currency."""
    values: Mapping[str, str]
    """Field → text."""
    fate: str
    until: int
    """Position of the stage in which it is lost or stalls."""
    setback: str = ""
    """reject: an approver says no at first; return: asks for more; haggle: the customer wants a further discount."""
    stuck: str | None = None
    """The type of request whose last step nobody decides. Everything before it goes quickly."""
    random: Random

    @property
    def quick(self) -> bool:
        return self.stuck is not None


def scripts(cast: Cast, policy: Policy, days: Days, begins: int, seed: int) -> Iterator[Script]:
    """All deals from the beginning of the history to its end."""
    dealer = Random(f"{seed}")
    fates = _dealt(FATES, _DEALS, dealer)
    setbacks = _dealt(SETBACKS, _DEALS, dealer)
    span = days.clock.between(begins, days.until)
    for number in range(_DEALS):
        starts_at = days.clock.add(begins, span * number // _DEALS + hours(dealer.random() * 6) + 1)
        fate, until = fates[number]
        yield _script(cast, Random(f"{seed}/{number}"), starts_at, fate=fate, until=until, setback=setbacks[number])
    asked = dict.fromkeys(name for names in policy.gates.values() for name in names)
    for name, since in zip(asked, STUCK_SINCE, strict=False):
        yield _stuck(cast, Random(f"{seed}/{name}"), days.before_end(hours(since)), name)
    # One that is not late yet.
    yield _stuck(cast, Random(f"{seed}/fresh"), days.before_end(hours(5)), next(iter(asked), ""))


def _dealt(deck: Sequence[Any], number: int, dealer: Random) -> list[Any]:
    """So many cards, whole decks shuffled one after the other."""
    cards: list[Any] = []
    while len(cards) < number:
        cards += dealer.sample(deck, len(deck))
    return cards


def _script(cast: Cast, random: Random, starts_at: int, **given: Any) -> Script:
    words = cast.words
    customer = given.pop("customer", None) or random.choice(words["customers"])
    amount = given.pop("amount", None) or random.choice(cast.amounts) * random.randint(90, 110) // 100
    values = {name: random.choice(texts) for name, texts in cast.values.items()}
    return Script(
        starts_at=starts_at,
        seller=random.choice(cast.sellers).login,
        title=f"{customer} {random.choice(words['projects'])}",
        customer=customer,
        amount=amount,
        values=values
        | {
            "discount": str(random.choice((0, 3, 5, 5, 8, 10, 12, 15, 18, 22))),
            "margin": str(random.randint(18, 42)),
            "source": random.choice(words["sources"]),
            "product": random.choice(words["products"]),
            "region": random.choice(words["regions"]),
        },
        random=random,
        **given,
    )


def _stuck(cast: Cast, random: Random, starts_at: int, name: str) -> Script:
    """A deal large enough for every gate, and not for the chief executive."""
    amount = random.choice(sorted(cast.amounts)[-7:-3]) * random.randint(95, 105) // 100
    customer = cast.words["flagship"] if name == "quote" else None
    return _script(cast, random, starts_at, fate=WON, until=99, stuck=name, amount=amount, customer=customer)
