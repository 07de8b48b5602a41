"""The catalogues of a language as the program reads them: `.mo` files, of which only what is asked for is unpacked."""

from collections.abc import Callable
from pathlib import Path

from oppcli.model.said import HELP

FOLDERS = {"zh": "zh_CN"}
DOMAINS = ["opp"]
"""The catalogues that are looked into, the first that has a template tells it; `help` is added where help is told."""
_READ: dict[tuple[str, str], "Compiled"] = {}


class Compiled:
    """A `.mo` file. Its originals are in order, so that one is found by halving; the standard library's reader decodes
    all of them first, which is most of what a command in another language would cost."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._count, self._originals, self._translations = (self._number(at) for at in (8, 12, 16))
        self._told = {"": ""}  # under no template at all stands what the file says of itself

    def told(self, context: str, template: str) -> str:
        """What the file has for a template; the template where it has nothing."""
        key = f"{context}\x04{template}" if context else template
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = self._found(key.encode()) or template
        return told

    def _found(self, key: bytes) -> str:
        below, above = 0, self._count
        while below < above:
            middle = (below + above) // 2
            if self._text(self._originals, middle) < key:
                below = middle + 1
            else:
                above = middle
        found = below < self._count and self._text(self._originals, below) == key
        return self._text(self._translations, below).decode() if found else ""

    def _text(self, table: int, row: int) -> bytes:
        at = table + 8 * row
        start = self._number(at + 4)
        return self._content[start : start + self._number(at)]

    def _number(self, at: int) -> int:
        return int.from_bytes(self._content[at : at + 4], "little")


def catalogue(lang: str) -> Callable[[str, str], str]:
    """The templates of a language; the English one where there is none, or no catalogue at all."""

    def tell(context: str, template: str) -> str:
        if context == HELP:
            return _compiled(lang, HELP).told("", template)
        for domain in DOMAINS:
            told = _compiled(lang, domain).told(context, template)
            if told != template:
                return told
        return template

    return tell


def with_help() -> None:
    """From here on what help alone tells is looked up too."""
    if HELP not in DOMAINS:
        DOMAINS.append(HELP)


def _compiled(lang: str, domain: str) -> Compiled:
    if (lang, domain) not in _READ:
        path = Path(__file__).with_name(FOLDERS.get(lang, lang)) / f"{domain}.mo"
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        _READ[lang, domain] = Compiled(content)
    return _READ[lang, domain]
