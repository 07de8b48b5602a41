"""A language that nobody speaks: every letter of every template in full width within ⟦⟧, so that what is told
outside of any catalogue stands out as Latin words."""

import re

import pytest

from oppcli.speech import CATALOGUES

PLACE = re.compile(r"(\{\w+(?:![rsa])?)(:[^{}]*)?\}")


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalpha() else letter for letter in text)


def nobodys(context: str, template: str) -> str:
    """⟦…⟧ around the template, its own letters (those of plurals too) in full width."""
    found, last = [], 0
    for place in PLACE.finditer(template):
        spec = place[2] or ""
        found += [wide(template[last : place.start()]), place[1], wide(spec) if "|" in spec else spec, "}"]
        last = place.end()
    found.append(wide(template[last:]))
    return f"⟦{''.join(found)}⟧"


@pytest.fixture
def nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUES, "en", nobodys)


COMMANDS = r"(?<![\w-])opp( [^\s,;)⟧]+)+|--?[a-z][a-z-]*( [A-Z|]+)?|#"


def latin(answer: str, data: set[str]) -> list[str]:
    """The Latin words that are no command, flag, id, path, number, money, date or datum of the story."""
    text = re.sub(r"'[^']*'", " ", re.sub(COMMANDS, " ", answer))
    text = re.sub(r"\S*[/\\.@=_]\S*|\b[A-Z]-\d+\b|\be\d+\b|\b[0-9a-f]{8,}\b|\b[A-Z]{3} [\d,.]+", " ", text)
    words = re.findall(r"(?<![\w-])[A-Za-z][A-Za-z-]+", text)
    return [word for word in words if word not in data]
