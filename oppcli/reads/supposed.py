"""What is supposed of deals and stages in a forecast: `D-1.amount=50万`, `stage:谈判.probability=60`, read as fields
are typed elsewhere. Nothing of it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oppcli.errors import Reason, UsageError
from oppcli.model.fields import BUILT_IN, SYNONYMS
from oppcli.model.refs import meant
from oppcli.model.said import listed, say
from oppcli.reads.deals_then import Known, Then
from oppcli.reads.table import Frame
from oppcli.rules.bridge import Place, State
from oppcli.rules.fields import limit_problem, parse
from oppcli.speech.titles import code
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import absent
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.named import begun, understood
from oppcli.words.spelling import nearest

OF_DEALS = ("amount", "expected_close", "probability", "category", "stage")
OF_STAGES = ("probability", "category")
_IN_STATE = {"expected_close": "close"}


class Supposed:
    """All of it, by what it is of."""

    def __init__(self, door: ReadDoor, frame: Frame, then: Then) -> None:
        self._door, self._frame, self._then = door, frame, then
        self.deals: dict[int, dict[str, Any]] = {}
        self.stages: dict[int, dict[str, Any]] = {}
        self.dropped: set[int] = set()

    def read(self, values: Sequence[str], dropped: Sequence[str]) -> "Supposed":
        """With these. Refused (2) for what cannot be supposed, with every fault; (3) for a deal or stage that is not
        there."""
        wrong: list[Reason] = []
        for text in dropped:
            self._tried(wrong, text, lambda text: self.dropped.add(self._deal(text)))
        for text in values:
            self._tried(wrong, text, self._value)
        if wrong:
            hint = say("--set D-1.amount=500k, --set stage:NAME.probability=60, --drop D-3")
            raise UsageError(say("this cannot be supposed"), reasons=tuple(wrong), hint=hint)
        return self

    def _tried(self, wrong: list[Reason], text: str, read: Callable[[str], None]) -> None:
        try:
            read(text)
        except Invalid as fault:
            wrong.append(Reason(text, fault.message))
        except UsageError as fault:
            wrong.append(Reason(text, fault.message))

    def _deal(self, text: str) -> int:
        found = meant(text) or ("deal", text.strip())
        if found[0] != "deal" or not found[1].isdecimal():
            raise Invalid(say("{text} is no deal: D-1", text=text))
        number = int(found[1])
        if number not in self._then.by_id:
            raise absent(self._door, "deal", number)
        return number

    def _stage(self, text: str) -> int:
        names = self._then.names
        found = begun(text, names)
        if found is None:
            raise Invalid(say("no such stage: {text}{nearest}", text=text, nearest=nearest(text, names)))
        return names[found]

    def _value(self, text: str) -> None:
        """`D-1.amount=50万`: the thing ends at the last dot before the sign of equality. Refused (`Invalid`)
        for no such thing or field, and for what is no value of it."""
        target, equals, typed = text.replace("＝", "=").partition("=")
        thing, dot, field = target.strip().rpartition(".")
        if not (equals and dot and thing):
            raise Invalid(say("say of what and which field: D-1.amount=500k"))
        word, colon, name = thing.replace("：", ":").partition(":")
        if colon and word.strip().lower() in ("stage", "阶段"):
            number = self._stage(name.strip())
            known = _field(field, OF_STAGES)
            self.stages.setdefault(number, {})[known] = self._typed(known, typed, self._frame.policy().currency)
            return
        deal = self._then.by_id[self._deal(thing)]
        known = _field(field, OF_DEALS)
        self.deals.setdefault(deal.id, {})[known] = self._typed(known, typed, deal.currency)

    def _typed(self, name: str, typed: str, currency: str) -> Any:
        """The value as it is stored; nothing where nothing is typed."""
        if name == "stage":
            return self._stage(typed.strip())
        field = BUILT_IN[name]
        value = parse(field, code("deal", name, typed.strip(), field.values), Reading(currency=currency, day=self._day))
        if wrong := limit_problem(field, value, currency):
            raise Invalid(wrong)
        return value

    def _day(self, text: str) -> Any:
        from oppcli.words.days import parse_date
        from oppcli.words.zones import today

        return parse_date(text, today=today(self._frame.now, self._frame.tz))

    def state(self, deal: Known, state: State) -> State | None:
        """The deal as it is supposed to be; None of one that is dropped."""
        if deal.id in self.dropped:
            return None
        told = dict(self.deals.get(deal.id, {}))
        stage = told.pop("stage", state.stage)
        place = self._place(stage)
        given = {_IN_STATE.get(name, name): value for name, value in told.items()}
        return state._replace(stage=stage, place=place, **given)

    def _place(self, stage: int) -> Place:
        found: Place = self._then.places[0][stage]._replace(**self._stages(stage))
        return found

    def _stages(self, stage: int) -> Mapping[str, Any]:
        told = self.stages.get(stage, {})
        return {name: 0 if name == "probability" and value is None else value for name, value in told.items()}


def _field(text: str, known: Sequence[str]) -> str:
    """The field that is meant, by its name or title. Refused for another."""
    titles = {name: (BUILT_IN[name].zh, *(other for other, of in SYNONYMS.items() if of == name)) for name in known}
    found = understood(text.strip(), known, lambda name: titles[name])
    if found is None:
        raise Invalid(say("{field} is none of {names}", field=text.strip(), names=listed(known)))
    return found
