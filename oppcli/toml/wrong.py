"""What is wrong with a text that is no TOML, as the program says it: `tomllib` says it in English alone, and in other
words with every version of Python."""

import re

from oppcli.model.said import Said, say

SHOWN = 60
"""Characters of the line that are shown."""
CUT = "…"
_AT = r".*\(at (?:line (\d+), column (\d+)|end of document)\)"
_KEY = r"""[^\s=.\[\]{}"',#]+"""
_MEASURED = r"(?<![\w.])-?\d[\d_.]*(?:[^\W\d_]|%)+"
_UNIT = say('a number with a unit needs quotes: "{number}"')
_QUOTES = say('write the key in quotes: "{key}"')
_SAID: tuple[tuple[str, Said], ...] = (
    ("Invalid value", say("no value: a text needs quotes, true and false are in lower case")),
    ("Expected '=' after a key", say("an = is missing behind the key")),
    ("Expected newline or end of document", say("one thing a line: something stands behind the value")),
    ("Expected ']", say("the brackets of the table are not closed")),
    ("Unclosed array|Unterminated array", say("the brackets of the list are not closed")),
    ("Unclosed inline table", say("the braces of the table are not closed")),
    (r"""Unterminated string|Expected "'"|Illegal character '\\n'""", say("the quotes are not closed")),
    ("Cannot overwrite a value|Duplicate inline table key", say("this key stands there already")),
    ("Cannot declare|Cannot mutate|Cannot overwrite", say("this table stands there already")),
    ("Invalid date", say("there is no such day or time")),
    ("Unescaped|Invalid hex value|Escaped character", say("a \\ in a text is written \\\\, or the text stands in '…'")),
    ("Found invalid character|Illegal character", say("a character that may not stand there")),
    ("Invalid initial character for a key|Invalid statement", say("neither a table nor a key: expected name = value")),
)
"""What `tomllib` says, by its first words → what is said here."""


def place(wrong: Exception, text: str) -> tuple[int, int]:
    """Line and column, 1 first; of a text that ends too early its last."""
    match = re.fullmatch(_AT, str(wrong), re.DOTALL)
    if match and match[1]:
        return int(match[1]), int(match[2])
    rows = text.rstrip().split("\n")
    return len(rows), len(rows[-1]) + 1


def told(wrong: Exception, row: str, column: int, *, quoting: bool) -> Said:
    """`column 12: no value: a text needs quotes…: currency = CNY`, or the same without the line."""
    said = next((said for words, said in _SAID if re.match(words, str(wrong))), say("this is no TOML"))
    if not quoting:
        return say("column {column}: {what}", column=column, what=said)
    name = re.match(_KEY, row[column - 1 :])
    if name and not name[0].isascii() and ("key" in str(wrong) or str(wrong).startswith("Invalid statement")):
        said = _QUOTES.filled(key=name[0])
    number = next((each[0] for each in re.finditer(_MEASURED, row) if each.start() < column - 1 < each.end()), None)
    if number:
        said = _UNIT.filled(number=number)
    row = row.strip()
    shown = row if len(row) <= SHOWN else row[: SHOWN - len(CUT)] + CUT
    return say("column {column}: {what}: {row}", column=column, what=said, row=shown)
