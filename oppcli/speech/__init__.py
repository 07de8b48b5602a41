"""How what was said reaches a person: in whose language, and with commands that repeat the flags of their line."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from oppcli.model.command import Command, written
from oppcli.model.said import HEADING, LABEL, Listed, Money, Number, Said, Word, heading
from oppcli.tuples import NamedTuple

Catalogue = Callable[[str, str], str]
"""(context, English template) → the template of a language. The context is empty but for words (`state`, `pending`)."""
CATALOGUES: dict[str, Catalogue] = {}
"""By language, read when it is first spoken. What has none is told as it was said: English."""
ENGLISH = "en"


class Voice(NamedTuple):
    """Who is spoken to: the language, and the flags to repeat in each command (`--db x.db --as ann`)."""

    flags: tuple[str, ...] = ()
    lang: str = ENGLISH
    money: str = ""
    """`short`: amounts are told in four digits."""

    @property
    def plain(self) -> bool:
        """Whether everything is told as it was said."""
        return not (self.flags or self.money) and self.lang == ENGLISH and ENGLISH not in CATALOGUES

    def flags_of(self, line: Command) -> tuple[str, ...]:
        """The flags that a line lacks: but for those that stand in it as typed, and who acts where somebody else is to
        type it."""
        there = [word.partition("=")[0] for word in (*line.words, "--as" if line.another else "")]
        pairs = zip(self.flags[::2], self.flags[1::2], strict=True)
        return tuple(word for pair in pairs if pair[0] not in there for word in pair)


PLAIN = Voice()
_WIDE = "\u2e80"
"""Where letters begin that stand without blanks."""
REPEATED = {"db": "--db", "actor": "--as", "tz": "--tz", "lang": "--lang"}
"""Flags that a printed command repeats where they were typed on the line at hand."""


def repeated(typed: Mapping[str, Any]) -> tuple[str, ...]:
    """The flags to repeat, as words, of the global flags that were typed by name."""
    return tuple(word for name, flag in REPEATED.items() if name in typed for word in (flag, str(typed[name])))


class Spoken(str):
    """A sentence as it was told, that still knows which of its words are commands."""

    __slots__ = ("commands",)

    commands: tuple[str, ...]

    def __new__(cls, text: str, commands: Iterable[str]) -> Self:
        self = super().__new__(cls, text)
        self.commands = tuple(commands)
        return self


def commands(text: str) -> tuple[str, ...]:
    """The commands in a text, as they stand there: of one that was told in another language, with flags, or of a
    sentence that stays as it was said."""
    if isinstance(text, Spoken):
        return text.commands
    if isinstance(text, Command):
        return (text,)
    parts = text.values.values() if isinstance(text, Said) else text.parts if isinstance(text, Listed) else ()
    return tuple(found for part in parts if isinstance(part, str) for found in commands(part))


def spoken(text: str, voice: Voice) -> str:
    """The text in the voice's language, values within it spoken in turn. Plain text stays as it is."""
    if not text or type(text) is str:
        return text
    if isinstance(text, Command):
        words = (spoken(word, voice) for word in text.words)
        return written(words, voice.flags_of(text))
    if isinstance(text, (Said, Listed)):
        return _sentence(text, voice)
    if isinstance(text, Money) and voice.money:
        from oppcli.words.short import shown

        return shown(text.minor, text.currency, voice.lang)
    if isinstance(text, Word):
        return _word(text, voice, catalogue_of(voice.lang))
    if isinstance(text, Number) and voice.lang != ENGLISH:
        from oppcli.words.short import exact

        return exact(text.value, voice.lang)
    return text


def _sentence(text: Said | Listed, voice: Voice) -> str:
    catalogue = catalogue_of(voice.lang)
    within: list[str] = []

    def speak(value: Any) -> str:
        told = spoken(value, voice)
        within.extend((told,) if isinstance(value, Command) else commands(told))
        return told

    if isinstance(text, Listed):
        told = _joined(catalogue("", text.between), map(speak, text.parts))
    else:
        told = text.spoken(catalogue("", text.template), speak)
    return Spoken(told, within) if within else told


def _joined(between: str, parts: Iterable[str]) -> str:
    """The parts with that between them, which has no blanks between two Chinese letters: 管理员或主管."""
    close = between.strip()
    if close.isascii() or close == between:
        return between.join(parts)
    told = ""
    for part in parts:
        beside = told[-1:] > _WIDE and part[:1] > _WIDE
        told = f"{told}{close if beside else between}{part}" if told else part
    return told


def _word(word: Word, voice: Voice, catalogue: Catalogue) -> str:
    if word.called and voice.lang != ENGLISH:
        return spoken(word.called, voice)
    if word.group != LABEL:
        return catalogue(word.group, word)
    above = heading(word)
    told = catalogue(HEADING, above)
    return word if told == above else told


def catalogue_of(lang: str) -> Catalogue:
    """What tells the templates of a language, from the folder that is called like it; as they are where there is
    none."""
    if lang == ENGLISH:
        return CATALOGUES.get(ENGLISH, _as_said)
    if lang not in CATALOGUES:
        from oppcli.speech.compiled import catalogue

        CATALOGUES[lang] = catalogue(lang)
    return CATALOGUES[lang]


def looked_up(text: str, voice: Voice) -> str:
    """A text that stands somewhere bare (a page of help, what a flag is), as the voice's language has it."""
    return catalogue_of(voice.lang)("", text) if text else text


def _as_said(context: str, template: str) -> str:
    return template
