"""What an entry changed, in a sentence: the fields that say something, old → new."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oppcli.model import coded as coding
from oppcli.model.fields import BUILT_IN, FINER, MEASURES, MONEY_OF
from oppcli.model.notices import NOTICE_KINDS
from oppcli.model.noun import NOTHING
from oppcli.model.refs import referred
from oppcli.model.said import Said, Speak, Word, coded, label, listed, say, sentence, title_of_person
from oppcli.model.units import HOUR_MS
from oppcli.reads import own
from oppcli.reads.referred import Names
from oppcli.store.changes import is_pair
from oppcli.tuples import NamedTuple
from oppcli.words.kinds import shown
from oppcli.words.shown import iso, timed

STEP_STATE = re.compile(r"steps\.\d+\.(\d+)\.state")
LONGEST = 60
"""Characters of one value in a line; the whole value is in `changes`."""
_QUIET = frozenset(
    (
        "version",
        "updated_at",
        "created_at",
        "created_by",
        "channel",
        "wake_at",
        "policy",
        "deal_id",
        "request_id",
        "answers",
        "blocked",
        "nudged_at",
    )
)
_UNTYPED = frozenset(("key", "moves", "skipped", "rounds"))
"""What a new record has by itself, or is counted from nothing."""
_PART = re.compile(r"(contacts|team|rivals)\.\d+(?:\.(\w+))?")
"""What belongs to a deal and is no number of its own to anybody."""
_INNER = ("visits.", "tenures.", "steps.", "seats.", "decisions.", "revisions.", "questions.", "terms.")
"""Children of an aggregate: what happened to them follows from the state of the whole, or is in `changes`."""

_COUNTED: Mapping[str, tuple[str, ...]] = {"forecast": ("lines.",)}
"""Nouns with a part for each of many deals, which are counted here and told by their own page."""


class Telling(NamedTuple):
    """What the values of an entry are called."""

    kinds: Mapping[str, str] = own.PLAIN
    """Of the fields in `extra`, by name."""
    titles: Names = NOTHING
    """What the team calls those fields."""
    called: Names = NOTHING
    """What records are called that a field refers to, by reference."""
    named_type: Callable[[str], str] = str
    """What a type of request is called."""
    show: Callable[[int], str] = iso
    """How an instant is read: ISO for programs."""
    sentences: Names = NOTHING
    """What notices said, by their numbers."""


def summary(
    changes: Mapping[str, Any],
    currency: str | None = None,
    stays: Sequence[Any] = (),
    names: Telling | None = None,
    noun: str = "",
) -> str:
    """`stage 报价 → 谈判; amount CNY 800,000.00 → CNY 815,000.00`: the fields that say something. `stays` are those an
    import put differently: stage, entered and left before, entered and left now. `noun` is whose changes they are."""
    names = names or Telling()
    pairs = {name: pair if is_pair(pair) else [None, pair] for name, pair in changes.items()}
    currency = pairs.get("currency", [None, currency])[1] or currency
    parts: list[str] = []
    inside = _COUNTED.get(noun, ())
    for name, (old, new) in pairs.items():
        if name.startswith(inside):
            continue
        step = STEP_STATE.fullmatch(name)
        if step is not None:
            parts.append(say("step {step} {old} → {new}", step=step[1], old=Word("state", old), new=Word("state", new)))
        elif tells(name, old, new):
            called, kind = labelled(name, names, noun)
            was, now = (valued(name, value, kind, currency, names, noun) for value in (old, new))
            parts.append(
                say("{label} {now}", label=called, now=now)
                if old is None
                else say("{label} {was} → {now}", label=called, was=was, now=now)
            )
    if lines := sum(name.startswith(inside) for name in pairs):
        parts.append(say("{n:,} {n:deal|deals}", n=lines))
    return listed([*parts, *(_stay(names.show, *stay) for stay in stays)], "; ")


def valued(name: str, value: Any, kind: str, currency: str | None, names: Telling, noun: str) -> str:
    """What stands at a path of an entry, as people read it."""
    return (
        _reference(name, value, names.called)
        or _typed(name, value, names.named_type)
        or _code(name, value, noun)
        or _belonging(value, names, noun)
        or _said(name, value, currency, kind, names.show)
    )


_VERSIONED = ("quote", "contract")
"""Nouns whose parts have parts."""


def tells(name: str, old: Any, new: Any) -> bool:
    """Whether a field says something: not what follows from the rest, and of a new record nothing that is empty."""
    if name.startswith(_INNER) or name.endswith(".hash") or (old is None and (name in _UNTYPED or new in ([], {}, ""))):
        return False
    return name not in _QUIET or (name == "created_at" and old is not None)


def labelled(name: str, names: Telling, of: str = "") -> tuple[str, str]:
    """What a path of an entry is called, and the kind of its field; a field in `extra` is one like all others."""
    if name.startswith("extra."):
        own_name = name.removeprefix("extra.")
        return label(own_name, names.titles.get(own_name, "")), names.kinds.get(own_name, "text")
    noun, part = referred(name), _PART.fullmatch(name)
    if noun is not None and noun.prefix:
        return label(noun.word), "text"
    if part is not None:
        return listed([label(word) for word in part.groups() if word], " "), "text"
    if (of, name) == ("contact", "title"):
        return title_of_person(), "text"
    if of in MEASURES:
        from oppcli.reads.quote_changes import labelled as of_offers

        return of_offers(of, name)
    field = BUILT_IN.get(name)
    kind = field.kind if field else "money" if (of, name) in MONEY_OF else "text"
    return label(name.removesuffix("_ms")), kind


def _reference(name: str, value: Any, called: Names) -> str | None:
    """`C-3 Beta` of a field that refers to a record; None of any other."""
    noun = referred(name)
    if noun is None or not noun.prefix or not isinstance(value, int):
        return None
    reference = f"{noun.prefix}{value}"
    return listed((reference, called[reference]), " ") if called.get(reference) else reference


def _code(name: str, value: Any, noun: str) -> str | None:
    """A word of the program; None of any other value."""
    within = name.startswith("extra.") or _PART.fullmatch(name) or noun in _VERSIONED
    group = coding.group(noun, name.rpartition(".")[2] if within else name)
    return (
        coded(group, value)
        if group is not None and isinstance(value, str) and value and len(value) <= LONGEST
        else None
    )


def _belonging(value: Any, names: Telling, noun: str) -> str | None:
    """`P-1 王总 决策人 for`: all that is said of what was added to a deal as a whole; None of a single value."""
    if noun in _VERSIONED and isinstance(value, list) and value and isinstance(value[-1], dict):
        return listed(f"{each['file']} {each['sha256'][:12]}" for each in value)
    if not isinstance(value, dict):
        return None
    if noun in _VERSIONED:
        from oppcli.reads.quote_changes import told

        return told(value)
    kinds, currency = MEASURES.get(noun, {}), value.get("currency")
    said = ((name, each) for name, each in value.items() if each not in (None, False, "", []))
    parts = (
        _reference(name, each, names.called)
        or _code(name, each, noun)
        or _said(name, each, currency, kinds.get(name, ""))
        for name, each in said
        if not (kinds and name == "currency")  # with the money that is in it
    )
    return listed(parts, " ") or None


def _typed(name: str, value: Any, named_type: Callable[[str], str]) -> str | None:
    """Types of request by their titles; None of any other field."""
    if name == "type" and isinstance(value, str):
        return named_type(value)
    return listed(map(named_type, value)) if name == "types" and value else None


def _stay(
    show: Callable[[int], str],
    stage: str,
    entered: int | None,
    left: int | None,
    entered_now: int | None,
    left_now: int | None,
) -> str:
    """`stay Lead entered 2018-02-21T00:00:00Z → 2018-02-20T00:00:00Z`; without what is known now it was taken out."""
    if entered_now is None and left_now is None:
        return say("stay {stage} taken out", stage=stage)
    said = [say("stay {stage}", stage=stage)]
    for word, was, now in ((say("entered"), entered, entered_now), (say("left"), left, left_now)):
        if was != now:
            told = {"word": word, "was": _said("at", was, show=show), "now": _said("at", now, show=show)}
            said.append(say("{word} {now}", **told) if was is None else say("{word} {was} → {now}", **told))
    return listed(said, " ")


def _said(
    name: str, value: Any, currency: str | None = None, kind: str = "text", show: Callable[[int], str] = iso
) -> str:
    """One stored value as people read it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return Word("truth", "true" if value else "false")
    if isinstance(value, int) and (name == "at" or name.endswith(("_at", "_until"))):
        return timed(value, show)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _several(name, value)
    if isinstance(value, int) and name.endswith("_ms"):
        return say("{n:g} h", n=value / HOUR_MS)
    if name == "kind" and value in NOTICE_KINDS:
        return Word("notice", value)
    if kind in FINER and isinstance(value, int):
        from oppcli.words import unit_prices

        return unit_prices.shown(kind, value, currency or "")
    if kind in ("money", "percent") and isinstance(value, int):
        known = currency or kind == "percent"
        return shown(kind, value, currency or "") if known else say("{value} minor units", value=value)
    if name == "unsent":
        value = sentence(value)
    if isinstance(value, Said):
        return _Short(_short(value), value.template, value.values)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _short(text)


def _short(text: str) -> str:
    """As much of a value as stands in a line."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class _Short(Said):
    """A sentence of which a line has so much as it has of other values, in whichever language."""

    __slots__ = ()

    def spoken(self, template: str, speak: Speak) -> str:
        return _short(super().spoken(template, speak))


def _several(name: str, values: Sequence[str]) -> str:
    """`admin, sales`; as many as a line holds."""
    kept = [value for n, value in enumerate(values) if sum(map(len, values[: n + 1])) <= LONGEST]
    told = listed([Word("role", value) if name == "roles" else value for value in kept])
    return told if len(kept) == len(values) else say("{told}, …", told=told)
