"""What somebody wrote away from the terminal: verb, code, reason, text; pure, and forgiving of nothing but how a code
is spelled.

The first line is a verb, in any language, behind it the code and a reason by its name. What is said stands in the lines
below, up to the first that is empty or begins with `>`. Elsewhere may stand what is answered: the code, and what was
shown.
"""

import re
import unicodedata

from oppcli.model.digest import sha256
from oppcli.tuples import NamedTuple
from oppcli.words.verdicts import VERDICTS

ASK = "ask"
BITS = 100
"""Of chance in a code."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of Crockford's base 32, https://www.crockford.com/base32.html: no letter that looks like a figure, and no U."""
GROUP, GROUPS = 5, 4
_MISREAD = str.maketrans("OIL", "011")
_CODE = r"(?<![0-9A-Za-z-])[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){3}(?![0-9A-Za-z-])"
_ANYWHERE = re.compile(_CODE)
_SHOWN = re.compile(r"(?<![\w-])R-(\d{1,15})\.(\d{1,9})[ \t]+([0-9a-f]{64})(?![0-9a-f])")
_BETWEEN = " \t:,.;!"
_WORDS = "|".join(word + r"(?![A-Za-z])" * word.isascii() for words in VERDICTS.values() for word in words)
_FIRST = re.compile(rf"(?P<verb>{_WORDS})(?P<rest>.*)", re.IGNORECASE)


class Shown(NamedTuple):
    """What an answer says that it answers."""

    request: int
    revision: int
    digest: str
    """SHA-256 of what was shown, in hexadecimal digits."""


class Answer(NamedTuple):
    """What somebody wrote."""

    verb: str | None
    """approve, reject, return, ask; None where the first line begins with none of them."""
    code: str | None = None
    """The canonical code of the first line."""
    rest: str = ""
    """What else stands in the first line: a reason by its name."""
    text: str = ""
    quoted: tuple[str, ...] = ()
    """The codes anywhere else, each once."""
    shown: tuple[Shown, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether it is meant to decide something: it has a code, or says what it answers."""
        return bool(self.code or self.quoted or self.shown)


def read(written: str) -> Answer:
    """What was written; of a text that decides nothing an answer that does not `decide`."""
    lines = [line.strip() for line in written.replace("\r\n", "\n").split("\n")]
    start = next((place for place, line in enumerate(lines) if line), len(lines))
    first = lines[start] if start < len(lines) else ""
    end = next((n for n, line in enumerate(lines) if n > start and (not line or line.startswith(">"))), len(lines))
    below, said = "\n".join(lines[start + 1 :]), lines[start + 1 : end]
    found = None if first.startswith(">") else _FIRST.match(_plain(first))
    if found is None:
        return Answer(None, quoted=_codes(written), shown=_shown(written))
    code, rest = _parted(found["rest"].strip(_BETWEEN))
    return Answer(
        verb=next(name for name, words in VERDICTS.items() if found["verb"].casefold() in words),
        code=code,
        rest=rest,
        text="\n".join(line for line in said if not _codes(line)),
        quoted=_codes(f"{rest}\n{below}"),
        shown=_shown(below),
    )


def _plain(line: str) -> str:
    """Wide letters as narrow ones, dashes of every kind as one."""
    return re.sub("[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", line))


def _parted(rest: str) -> tuple[str | None, str]:
    found = _ANYWHERE.match(rest)
    code = None if found is None else canonical(found[0])
    return (None, rest) if found is None or code is None else (code, rest[found.end() :].strip(_BETWEEN))


def _codes(text: str) -> tuple[str, ...]:
    found = (canonical(each) for each in _ANYWHERE.findall(_plain(text)))
    return tuple(dict.fromkeys(code for code in found if code))


def masked(text: str) -> str:
    """What was written, without codes: they are kept nowhere."""
    return _ANYWHERE.sub(lambda found: "…" if canonical(found[0]) else found[0], _plain(text))


def _shown(text: str) -> tuple[Shown, ...]:
    return tuple(dict.fromkeys(Shown(int(one), int(two), digest) for one, two, digest in _SHOWN.findall(text)))


def canonical(typed: str) -> str | None:
    """The code as it was given: capitals, O as 0, I and L as 1; None for what can be none."""
    found = typed.upper().replace("-", "").translate(_MISREAD)
    return found if len(found) == GROUP * GROUPS and set(found) <= set(ALPHABET) else None


def code(number: int) -> str:
    """The code of a number of so many bits, canonical."""
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(GROUP * GROUPS)))


def written(code: str) -> str:
    """A canonical code as people read it: `K7Q2M-9XWPA-2RT4B-ZZ81C`."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def digest(code: str) -> str:
    """What is kept of a canonical code."""
    return sha256(code.encode())
