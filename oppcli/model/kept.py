"""A said text as it is stored: the English sentence, which anybody may read, and behind a mark what it was made of.

So a sentence that was written with the change is spoken when somebody reads it: in their language, and with the flags
that are theirs in the commands within it. A text without the mark, as all were once, is what it is.
"""

import json
from typing import Any

from oppcli.model.command import Command
from oppcli.model.said import MARK, Listed, Money, Said, Word


def kept(text: str) -> str:
    """The text as it is stored; plain text is itself."""
    if type(text) is str and MARK not in text:
        return text
    return f"{text}{MARK}{json.dumps(_parts(text), ensure_ascii=False, separators=(',', ':'))}"


def told_again(stored: str) -> str:
    """The text as it was said. What stands behind the mark and is no such thing is part of the text; one without a mark
    may be a reason that an entry has given back."""
    text, mark, parts = stored.rpartition(MARK)
    if not mark:
        from oppcli.model.reasons import known

        return known(stored)
    try:
        said = _said(json.loads(parts), text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return stored
    return said if isinstance(said, str) else stored


def _parts(value: Any) -> Any:
    if isinstance(value, Said):
        return {"say": value.template, "with": {name: _parts(each) for name, each in value.values.items()}}
    if isinstance(value, Listed):
        return {"list": [_parts(each) for each in value.parts], "between": value.between}
    if isinstance(value, Word):
        return {"word": value, "group": value.group} | ({"called": value.called} if value.called else {})
    if isinstance(value, Money):
        return {"money": value.minor, "currency": value.currency, "text": value}
    if isinstance(value, Command):
        return {"command": value.words, "ready": value.ready, "why": _parts(value.why), "another": value.another}
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _said(parts: Any, text: str | None = None) -> Any:
    """The value of these parts; `text` is the sentence that was stored with them."""
    if not isinstance(parts, dict):
        return parts
    if "say" in parts:
        values = {name: _said(each) for name, each in parts["with"].items()}
        made = Said("", parts["say"], values)
        return Said(made.spoken(parts["say"], str) if text is None else text, parts["say"], values)
    if "list" in parts:
        return Listed(map(_said, parts["list"]), parts["between"])
    if "word" in parts:
        return Word(parts["group"], parts["word"], parts.get("called", ""))
    if "money" in parts:
        return Money(parts["text"], parts["money"], parts["currency"])
    return Command(parts["command"], ready=parts["ready"], why=_said(parts["why"]), another=parts["another"])
