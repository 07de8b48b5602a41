"""Where a table or key stands in a TOML text: `tomllib` does not say, so the text is scanned for headers and keys."""

import re

Path = tuple[str | int, ...]

_PART = re.compile(r"""\s*(?:([\w-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*""")
_HEADER = re.compile(r"\s*(\[\[?)(.*?)(\]\]?)\s*(?:#.*)?$")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


class Lines:
    """The line of every table and key of a text (1 first), and of every table in a list that is the value of a key. The
    text is TOML; of broken text it finds what it can."""

    def __init__(self, text: str) -> None:
        self._rows = text.split("\n")
        self._where: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._starts: list[int] = []
        """Every line on which a header or key stands, in order."""
        self._scan()

    def of(self, path: Path, near: str | None = None) -> int | None:
        """The line of the path, or of the nearest table around it; None where not even that is in the text.

        With `near`, the line of the value that holds this text, where a value has several lines."""
        for length in range(len(path), 0, -1):
            line = self._where.get(path[:length])
            if line is not None:
                return self._row_with(near, line) if near else line
        return None

    def _row_with(self, near: str, line: int) -> int:
        after = next((start for start in self._starts if start > line), len(self._rows) + 1)
        return next((n for n in range(line, after) if near in self._rows[n - 1]), line)

    def _scan(self) -> None:
        table: Path = ()
        row = 0
        while row < len(self._rows):
            text = self._rows[row]
            header = _HEADER.match(text)
            key = None if header else _key(text)
            if header:
                table = self._enter(_parts(header[2]), row + 1, array=header[1] == "[[")
            elif key:
                parts, rest = key
                self._note(table + tuple(parts), row + 1)
                row = self._value_end(table + tuple(parts), rest, row)
            row += 1

    def _enter(self, parts: list[str], line: int, *, array: bool) -> Path:
        """The path of a header's table: a name that is an array stands for its latest element."""
        path: Path = ()
        for n, part in enumerate(parts):
            path += (part,)
            last = n == len(parts) - 1
            if array and last:
                self._counts[path] = self._counts.get(path, -1) + 1
                self._where.setdefault(path, line)
            if path in self._counts:
                path += (self._counts[path],)
        self._note(path, line)
        return path

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self._where.setdefault(path[:length], line)
        self._starts.append(line)

    def _value_end(self, path: Path, rest: str, row: int) -> int:
        """The row on which the value of a key that begins with `rest` ends: brackets and long texts go over several.
        The tables of a list are noted on the way."""
        depth, closing, members = 0, "", 0
        of_list = rest.lstrip().startswith("[")
        while True:
            depth, closing, opened = _follow(rest, depth, closing)
            for number in range(members, members + opened if of_list else 0):
                self._where.setdefault((*path, number), row + 1)
            members += opened
            if (depth <= 0 and not closing) or row + 1 >= len(self._rows):
                return row
            row += 1
            rest = self._rows[row]


def _follow(text: str, depth: int, closing: str) -> tuple[int, str, int]:
    """Brackets open, and the quotes that end a long text (or nothing), after this piece of a value; and how many tables
    begin in it that are members of the whole."""
    place = members = 0
    while place < len(text):
        if closing:
            end = text.find(closing, place)
            if end < 0:
                return depth, closing, members
            place, closing = end + 3, ""
            continue
        match = _TOKEN.search(text, place)
        if not match:
            break
        place, token = match.end(), match.group()
        if token in ('"""', "'''"):
            closing = token
        elif token in "[{":
            members += token == "{" and depth == 1
            depth += 1
        elif token in "]}":
            depth -= 1
    return depth, closing, members


def _key(text: str) -> tuple[list[str], str] | None:
    """The parts of the key a line begins with, and what follows its `=`."""
    parts: list[str] = []
    place = 0
    while match := _PART.match(text, place):
        parts.append(next(part for part in match.groups() if part is not None))
        place = match.end()
        if text[place : place + 1] == "=":
            return parts, text[place + 1 :]
        if text[place : place + 1] != ".":
            return None
        place += 1
    return None


def _parts(text: str) -> list[str]:
    return [next(part for part in match.groups() if part is not None) for match in _PART.finditer(text)]
