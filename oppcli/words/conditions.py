"""A condition cut into words: numbers in any form, texts, fields and signs, each with its column."""

import ast
import re
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import Bare
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words import quantities
from oppcli.words.invalid import Invalid

LONGEST, DEEPEST = 1000, 20
"""Nobody can check a longer condition by eye; it is two steps."""
# Compiled when a condition is read. `plain` is a number that `quantities.PATTERN` would read as the same.
_WORD = r"""(?P<space>\s+)
    |(?P<plain>(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:_[0-9]{3})+)(?=$|\s+(?:and|or)\s))
    |(?P<date>(?:\d{4}(?:-\d\d?-\d\d?(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|-\d\d?|-?[Qq][1-4]|-[Ww]\d\d?)
        |(?:\d{4}年)?\d\d?月\d\d?[日号]|\d\d?号|\d+个?(?:天|日|周|星期|礼拜|月|季度|年|工作日)[前后])(?![\w.']))
    |(?P<ref>[A-Za-z]-\d+(?![\w.]))
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    |(?P<sign><=|>=|==|!=|<(?!>)|>|=(?![<>=])|~|[\[\](),])
    """
_SHOWN = r"'[^']*'|\"[^\"]*\"|\w+|\S"
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
_JOINING = ("and", "or", "not", "in", "is")


class Unreadable(ValueError):
    """The text of a condition cannot be understood from this column on."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(say("column {column}: {message}", column=column, message=message))
        self.column = column
        self.message = message


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
    names: tuple[str, ...] = ()
    """What fields are called here besides plain words."""

    def is_name(self, found: Any) -> bool:
        """Whether a text in quotes is what a field is called here, however its case is and its blanks are."""
        if not isinstance(found, Literal) or not isinstance(found.value, str):
            return False
        from oppcli.words.named import folded

        return any(folded(found.value) == folded(name) for name in self.names)

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


class Bracket(NamedTuple):
    """One that is open."""

    sign: str
    place: int
    of_list: bool
    """Whether commas part values in it: `[A, B]`, and `in (A, B)`."""


def cut(text: str, names: tuple[str, ...] = ()) -> Words:
    """The words of a text. `names` are what fields may be called in several words, unquoted too: `Close date`. Raises
    `Unreadable` for a sign that has no meaning, with what was probably meant."""
    if len(text) > LONGEST:
        raise Unreadable(LONGEST, say("longer than {longest} characters: make it two steps", longest=LONGEST))
    return _Cutter(text, names).words()


class _Cutter:
    """Cuts one text from its beginning to its end."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self._text = text
        self._code: list[str] = []
        self._columns: list[int] = []
        self._items: list[str | Literal] = []
        self._brackets: list[Bracket] = []
        self._word = re.compile(_WORD, re.VERBOSE)
        self._known, self._names = names, _any_of(names)

    def words(self) -> Words:
        """All of them. Raises `Unreadable`."""
        place = 0
        while place < len(self._text):
            piece, end = self._piece(place)
            piece = piece if self._code else piece.lstrip()
            self._code.append(piece)
            self._columns += [place] * len(piece)
            place = end
        if self._brackets:
            bracket = self._brackets[-1]
            raise Unreadable(bracket.place + 1, say("the '{bracket}' is never closed", bracket=bracket.sign))
        if not self._items:
            raise Unreadable(1, say("nothing to compare: write a comparison, or always"))
        return Words(self._text, "".join(self._code), tuple(self._columns), tuple(self._items), self._known)

    def _piece(self, place: int) -> tuple[str, int]:
        """The stand-in for the word at a place, and where it ends; every one but a sign is set off by a space."""
        if self._names and (name := self._names.match(self._text, place)):
            return self._stand_in(name.group()), name.end()
        match = self._word.match(self._text, place)
        kind = match.lastgroup if match else None
        if _may_be_number(kind, match[0] if match else "") and (number := self._quantity(place)):
            return self._stand_in(Literal(number.value)), number.end
        if match is None:
            raise Unreadable(place + 1, _complaint(self._text, place))
        return self._of_kind(str(kind), match.group(), place), match.end()

    def _of_kind(self, kind: str, word: str, place: int) -> str:
        if kind == "space":
            return " "
        if kind == "sign":
            return self._bracket(word, place) if word in "()[]" else _SIGNS.get(word, word)
        if kind == "plain":
            return self._stand_in(Literal(quantities.read(word)))
        if kind == "text":
            return self._stand_in(Literal(word[1:-1]))
        if kind in ("date", "ref"):
            return self._stand_in(Literal(Bare(word)))
        if word.lower() in _JOINING:
            return f"{word.lower()} "
        return self._stand_in(Literal(word.lower() == "true") if word.lower() in ("true", "false") else word)

    def _stand_in(self, item: str | Literal) -> str:
        self._items.append(item)
        return f"w{len(self._items) - 1} "

    def _quantity(self, place: int) -> quantities.Found | None:
        """The number at a place; none where a minus sign would be a subtraction."""
        if self._text[place] in "-−" and self._last().startswith(("w", ")", "]")):
            return None
        listed = bool(self._brackets) and self._brackets[-1].of_list
        try:
            found = quantities.at(self._text, place, re.compile(quantities.PATTERN, re.VERBOSE), listed=listed)
        except Invalid as wrong:
            raise Unreadable(place + 1, wrong.message) from None
        if found and self._last() == "(" and self._text[found.end :].lstrip().startswith(")"):
            typed = f"({self._text[place : found.end]})"
            return found._replace(value=quantities.Quantity(found.value, "(", typed))
        return found

    def _last(self) -> str:
        """The last piece that is no blank."""
        return next((piece for piece in reversed(self._code) if piece != " "), "")

    def _bracket(self, sign: str, place: int) -> str:
        """A bracket as Python's grammar has it: those of a list are square."""
        if sign in "([":
            of_list = sign == "[" or self._last() == "in "
            self._brackets.append(Bracket(sign, place, of_list))
            if len(self._brackets) > DEEPEST:
                raise Unreadable(place + 1, say("too many brackets inside each other"))
            return "[" if of_list else "("
        opened = self._brackets.pop() if self._brackets else Bracket("", 0, of_list=False)
        if opened.sign + sign not in ("()", "[]"):
            raise Unreadable(place + 1, say("the '{piece}' was never opened", piece=sign))
        return "]" if opened.of_list else ")"


def _may_be_number(kind: str | None, word: str) -> bool:
    """Whether the pattern of numbers, whose compilation is a fiftieth of a command, is to be asked: not of a word that
    is too long to be a currency, nor of digits that are followed by nothing that could belong to them."""
    if kind != "name":
        return kind is None
    return word.lower() not in _JOINING and (len(word) < 4 or not word.isascii() or word[3].isdigit())


def _any_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds the longest of these that is no single word, however its case is and its blanks are."""
    several = sorted((name for name in names if not name.isidentifier()), key=len, reverse=True)
    if not several:
        return None
    written = ("".join(rf"\s+{re.escape(word)}" for word in name.split())[3:] for name in several)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


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
        from oppcli.words import numbers

        if cut_short := re.match(rf"{numbers.SHORTENED}(?!\w)", rest):
            return numbers.shortened(cut_short[0]).message
        number = re.match(r"[\w.]+", rest)
        return say("cannot read the number '{number}'", number=number[0] if number else rest[0])
    if rest[0] in "+-*/^":
        return say("no arithmetic: compare a field with a plain value")
    return say("cannot read '{rest}'", rest=rest[0])
