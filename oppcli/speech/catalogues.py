"""The catalogues as files: each `.po` holds every text of the program beside its translation, each `.mo` is made of it.

For developers, by Babel. Neither has line numbers or dates, so that nothing changes but what is said.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import unescape, write_po

from oppcli.speech.texts import HELP, OPP, Text, texts
from oppcli.tuples import NamedTuple

FOLDER = Path(__file__).with_name("zh_CN")
DOMAINS = (OPP, HELP)
HEADER = {"Language": "zh_CN", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8"}
_PARTS = ("msgctxt", "msgid", "msgstr")
_TYPED = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_PLACE = re.compile(r"\{[^{}|]*\}")
"""One that a value is written into; a choice between two words is a text."""
Key = tuple[str, str]
"""Context (empty mostly) and English template."""


class State(NamedTuple):
    """A catalogue against the texts of the program."""

    domain: str
    translated: dict[Key, str]
    """Of all texts, an empty one where there is none yet."""
    stale: dict[Key, str]
    """Of texts that nobody says any more."""
    faults: list[str]

    @property
    def untranslated(self) -> list[Key]:
        return [key for key, text in self.translated.items() if not text and has_words(key[1])]

    def complaints(self) -> Iterator[str]:
        """A line for each thing that is not as it should be."""
        yield from (f"{self.domain}.po: not translated: {told(key)}" for key in self.untranslated)
        yield from (f"{self.domain}.po: nobody says {told(key)} = {text!r}" for key, text in self.stale.items())
        yield from (f"{self.domain}.po: {fault}" for fault in self.faults)


def told(key: Key) -> str:
    context, template = key
    return f"{context}|{template!r}" if context else repr(template)


def states() -> list[State]:
    """Each catalogue as it lies there, in order, against the texts of the program."""
    found: dict[str, dict[Key, Text]] = {domain: {} for domain in DOMAINS}
    for text in texts().values():
        found[text.domain][text.context, text.template] = text
    lying = {domain: read(FOLDER / f"{domain}.po") for domain in DOMAINS}
    anywhere = {key: text for domain in reversed(DOMAINS) for key, text in lying[domain].items() if text}
    return [_state(domain, found[domain], lying[domain], anywhere) for domain in DOMAINS]


def _state(domain: str, wanted: dict[Key, Text], lying: dict[Key, str], anywhere: dict[Key, str]) -> State:
    """A text that moved from one catalogue into the other keeps its translation."""
    order = sorted(wanted, key=lambda key: (key[1], key[0]))
    translated = {key: lying.get(key) or anywhere.get(key, "") for key in order}
    stale = {key: text for key, text in lying.items() if key not in wanted and text}
    faults = [fault for key in order if translated[key] for fault in faults_of(wanted[key], translated[key])]
    return State(domain, translated, stale, faults)


def faults_of(text: Text, translation: str) -> Iterator[str]:
    """What a translation lacks or has too much of its English: places for values, flags, line ends."""
    if text.filled:
        one, other = places(text.template), places(translation)
        if one is None or other is None or not shown(text.template) <= other <= one:
            yield f"other places in {translation!r} than in {text.template!r}"
    if set(_TYPED.findall(text.template)) != set(_TYPED.findall(translation)):
        yield f"other flags in {translation!r} than in {text.template!r}"
    if text.template.endswith("\n") != translation.endswith("\n"):
        yield f"another end of {translation!r} than of {text.template!r}"


def has_words(template: str) -> bool:
    """Whether there is anything to translate: marks and places may stand as they are."""
    return bool(re.search("[A-Za-z]", _PLACE.sub("", template)))


def places(template: str) -> set[str] | None:
    """The names that are filled in; None where it cannot be read."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        return None


def shown(template: str) -> set[str]:
    """The names that are told themselves, not only by a word for their number: `{n:has|have}` needs no Chinese."""
    return {name for _, name, spec, _ in Formatter().parse(template) if name is not None and "|" not in (spec or "")}


def read(path: Path) -> dict[Key, str]:
    """Context and template → translation. Of one that stands there twice, as after a union of two versions, the last
    that says something."""
    found: dict[Key, str] = {}
    for message in _messages(path.read_text(encoding="utf-8") if path.exists() else ""):
        key = (message.get("msgctxt", ""), message["msgid"])
        if key[1]:
            found[key] = message["msgstr"] or found.get(key, "")
    return found


def _messages(text: str) -> Iterator[dict[str, str]]:
    """What a `.po` file holds, also where two versions were put one behind the other line by line."""
    message: dict[str, str] = {}
    part = ""
    for line in text.splitlines():
        word, _, quoted = line.partition(" ")
        if word in _PARTS:
            if word in message or (word == _PARTS[0] and "msgid" in message):
                yield from [message] if "msgstr" in message else []
                message = {name: message[name] for name in message if word == "msgstr" and name != word}
            part = word
            message[part] = unescape(quoted)
        elif line.startswith('"') and part:
            message[part] += unescape(line)
    yield from [message] if "msgstr" in message else []


def written(state: State) -> bytes:
    """A `.po` file: sorted by what is said, a line for each of its lines."""
    out = BytesIO()
    write_po(out, _catalog(state.translated.items()), width=0, no_location=True, omit_header=True, sort_output=False)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADER.items())
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + out.getvalue().rstrip() + b"\n"


def compiled(state: State) -> bytes:
    """A `.mo` file of what is translated, in the order of context and template together, by which it is looked into."""
    out = BytesIO()
    pairs = (
        (f"{context}\x04{template}" if context else template, text)
        for (context, template), text in state.translated.items()
    )
    write_mo(out, _catalog((("", key), text) for key, text in pairs if text))
    return out.getvalue()


class _Bare(Catalog):
    """A catalogue whose head says nothing that changes."""

    def __iter__(self) -> Iterator[Message]:
        yield Message("", "".join(f"{name}: {value}\n" for name, value in HEADER.items()))
        yield from (message for message in super().__iter__() if message.id)


def _catalog(pairs: Iterable[tuple[Key, str]]) -> Catalog:
    made = _Bare(locale="zh_CN", charset="utf-8", fuzzy=False)
    for (context, template), text in pairs:
        made.add(template, text, context=context or None).flags.clear()
    return made
