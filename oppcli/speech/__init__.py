"""How what was said reaches a person: in whose language, and with commands that repeat the flags of their line."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from oppcli.model.command import Command, written
from oppcli.model.said import Listed, Said


class Voice(NamedTuple):
    """Who is spoken to: the language, and the flags to repeat in each command (`--db x.db --as ann`)."""

    flags: tuple[str, ...] = ()
    lang: str = "en"


REPEATED = {"db": "--db", "actor": "--as", "tz": "--tz"}
"""Flags that a printed command repeats where they were typed on the line at hand."""


def repeated(typed: Mapping[str, Any]) -> tuple[str, ...]:
    """The flags to repeat, as words, of the global flags that were typed by name."""
    return tuple(word for name, flag in REPEATED.items() if name in typed for word in (flag, str(typed[name])))


def spoken(text: str, voice: Voice) -> str:
    """The text in the voice's language, values within it spoken in turn. Plain text stays as it is."""
    if isinstance(text, Command):
        return written(text.words, voice.flags)

    def speak(value: Any) -> str:
        return spoken(value, voice)

    if isinstance(text, Said):
        return text.spoken(text.template, speak)
    if isinstance(text, Listed):
        return text.between.join(map(speak, text.parts))
    return text
