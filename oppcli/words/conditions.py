"""A condition cut into words: numbers with 万 and 亿, texts, fields and signs, each with its column."""

import ast
import re
from decimal import Decimal
from typing import Any

from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words import numbers
from oppcli.words.invalid import Invalid

LONGEST, DEEPEST = 1000, 20
"""Nobody can check a longer condition by eye; it is two steps."""
# Compiled when a condition is read.
_WORD = r"""(?P<space>\s+)
    |(?P<date>\d{4}(?:-\d\d?-\d\d?|-\d\d?|-?[Qq][1-4]|-[Ww]\d\d?)(?![\w.']))
    |(?P<number>-?(?:
        [0-9][0-9_'.]*(?:[ ]?[零一二两三四五六七八九十百千万亿]|[0-9])*(?:[wWkKmM])?
        |[零一二两三四五六七八九十][零一二两三四五六七八九十百千万亿]*
    )(?![\w.']))
    |(?P<ref>[A-Z]-\d+(?![\w.]))
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><=|>=|==|!=|<(?!>)|>|=(?![<>=])|~|[\[\](),])
    """
_SHOWN = r"'[^']*'|\"[^\"]*\"|\w+|\S"
_GROUPED = r"\d{1,3}(,\d{3})+"
_MEANT = (
    ("=>", say("write >=")),
    ("=<", say("write <=")),
    ("<>", say("write !=")),
    ("≥", say("write >=")),
    ("≤", say("write <=")),
    ("≠", say("write !=")),
    ("&", say("write and")),
    ("|", say("write or")),
    ("!", say("write not")),
    ("%", say("a percentage is a plain number: write discount > 15")),
    ("％", say("a percentage is a plain number: write discount > 15")),
    ("'", say("the quote is never closed")),
    ('"', say("the quote is never closed")),
    ("“", say("write straight quotes: '…'")),
    ("”", say("write straight quotes: '…'")),
    ("‘", say("write straight quotes: '…'")),
    ("’", say("write straight quotes: '…'")),
)
_MEANT_WORDS = {"且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not", "不": "not", "是": "=="}
_SIGNS = {"=": "==", "~": "@"}
"""What a sign is in Python's grammar, where it is another; `@` binds tighter than comparisons do."""
EMPTY = "empty"


class Unreadable(ValueError):
    """The text of a condition cannot be understood from this column on."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(say("column {column}: {message}", column=column, message=message))
        self.column = column
        self.message = message


class Bare(str):
    """A word without quotes where a text is expected: `报价`, or `me`."""

    __slots__ = ()


class Literal(NamedTuple):
    """A number, text, word, true or false as written."""

    value: Decimal | str | bool


class Words(NamedTuple):
    """The words of a condition, and a stand-in for Python's grammar in which each is one ASCII name."""

    text: str
    code: str
    columns: tuple[int, ...]
    """Column in `text` (0 first) of every character of `code`."""
    items: tuple[str | Literal, ...]
    """What the stand-in `w7` stands for: a field's name or a literal."""

    def column(self, node: ast.expr) -> int:
        """Where a node stands in the text, 1 first."""
        return self.columns[node.col_offset] + 1

    def meaning(self, node: ast.expr) -> Any:
        """A field's name (str), a Literal, a tuple of literals for a list; None for anything else."""
        if isinstance(node, ast.Name):
            return self.items[int(node.id[1:])]
        if isinstance(node, ast.List):
            found = tuple(self.value(element) for element in node.elts)
            return found if found and None not in found else None
        return None

    def value(self, node: ast.expr) -> Literal | None:
        """What stands for a value: a literal, or a bare word; None for anything else."""
        found = self.meaning(node)
        return Literal(Bare(found)) if isinstance(found, str) else found if isinstance(found, Literal) else None

    def refuse(self, node: ast.expr, message: str) -> Unreadable:
        if isinstance(node, ast.Call):
            message = say("no function calls: a condition must be explainable in one sentence")
        return Unreadable(self.column(node), message)

    def stuck(self, error: Exception) -> Unreadable:
        """Python's grammar gave up; its offset counts characters of `code`, 1 first, and 0 means at the end."""
        offset = getattr(error, "offset", None) or 0
        at_end = not 0 < offset <= len(self.columns)
        column = len(self.text) if at_end else self.columns[offset - 1]
        word = re.compile(_SHOWN).match(self.text, column)
        if not word:
            return Unreadable(len(self.text) + 1, say("something is missing at the end"))
        if "comma" in str(error):
            return Unreadable(column + 1, say("a comma may be missing after {word}", word=word[0]))
        if word[0] in _MEANT_WORDS:
            return Unreadable(
                column + 1,
                say("cannot read '{word}' here: write {meant_words}", word=word[0], meant_words=_MEANT_WORDS[word[0]]),
            )
        return Unreadable(column + 1, say("cannot read '{word}' here", word=word[0]))


def cut(text: str) -> Words:
    """The words of a text. Raises `Unreadable` for a sign that has no meaning, with what was probably meant."""
    if len(text) > LONGEST:
        raise Unreadable(LONGEST, say("longer than {longest} characters: make it two steps", longest=LONGEST))
    code: list[str] = []
    columns: list[int] = []
    items: list[str | Literal] = []
    brackets: list[tuple[str, int]] = []
    place = 0
    words = re.compile(_WORD, re.VERBOSE)
    while place < len(text):
        match = words.match(text, place)
        piece = _piece(text, place, match, items, after_value=_ends_value(code), listed=bool(brackets))
        piece = piece if code else piece.lstrip()
        _balance(piece, place, brackets)
        code.append(piece)
        columns += [place] * len(piece)
        place = match.end() if match else place + 1
    if brackets:
        raise Unreadable(brackets[-1][1] + 1, say("the '{bracket}' is never closed", bracket=brackets[-1][0]))
    if not items:
        raise Unreadable(1, say("nothing to compare: write a comparison, or always"))
    return Words(text, "".join(code), tuple(columns), tuple(items))


def _piece(
    text: str, place: int, match: re.Match[str] | None, items: list[str | Literal], *, after_value: bool, listed: bool
) -> str:
    """The stand-in for the word at a place; every one but a sign is set off by a space."""
    kind = match.lastgroup if match else None
    word = match.group() if match else text[place]
    if kind == "space":
        return " "
    if kind == "sign":
        return _SIGNS.get(word, word)
    if kind == "name" and word.lower() in ("and", "or", "not", "in", "is"):
        return f"{word.lower()} "
    if kind == "number" and not (after_value and word.startswith("-")):
        if not listed and re.compile(_GROUPED).match(text, place):
            raise Unreadable(place + 1, say("write 500_000 or 50万, without commas"))
        try:
            items.append(Literal(numbers.parse(word)))
        except Invalid as wrong:
            raise Unreadable(place + 1, wrong.message) from None
    elif kind == "text":
        items.append(Literal(word[1:-1]))
    elif kind == "name":
        items.append(Literal(word.lower() == "true") if word.lower() in ("true", "false") else word)
    elif kind == "date" or kind == "ref":
        items.append(Literal(Bare(word)))
    else:
        raise Unreadable(place + 1, _complaint(text, place))
    return f"w{len(items) - 1} "


def _ends_value(code: list[str]) -> bool:
    """Does what stands before end a value, so that a minus sign would be a subtraction?"""
    last = next((piece for piece in reversed(code) if piece != " "), "")
    return last.startswith("w") or last in (")", "]")


def _balance(piece: str, place: int, brackets: list[tuple[str, int]]) -> None:
    if piece in ("(", "["):
        brackets.append((piece, place))
        if len(brackets) > DEEPEST:
            raise Unreadable(place + 1, say("too many brackets inside each other"))
    elif piece in (")", "]"):
        opened = brackets.pop()[0] if brackets else ""
        if opened + piece not in ("()", "[]"):
            raise Unreadable(place + 1, say("the '{piece}' was never opened", piece=piece))


def _complaint(text: str, place: int) -> str:
    rest = text[place:]
    meant = next(
        (say("cannot read '{sign}': {hint}", sign=sign, hint=hint) for sign, hint in _MEANT if rest.startswith(sign)),
        None,
    )
    if meant:
        return meant
    if "！" <= rest[0] <= "～":
        return say("'{rest}' is a full-width sign: write '{chr}'", rest=rest[0], chr=chr(ord(rest[0]) - 0xFEE0))
    if rest[0].isdigit():
        number = re.match(r"[\w.]+", rest)
        return say("cannot read the number '{number}'", number=number[0] if number else rest[0])
    if rest[0] in "+-*/^":
        return say("no arithmetic: compare a field with a plain value")
    return say("cannot read '{rest}'", rest=rest[0])
