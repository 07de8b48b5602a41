"""Text that a spreadsheet would run as a formula: how an export makes it harmless, and how an import gets it back."""

import re

_LIVE = "=+\\-@\t\r\n＝＋－＠"
"""First characters that make a cell live; also full width, which East Asian editions of spreadsheets read the same."""
_NEEDS = re.compile(f"'*[{_LIVE}]")
_GUARDED = re.compile(f"'+[{_LIVE}]")


def guard(text: str) -> str:
    """`text` with an apostrophe before it when a spreadsheet would run it, or when it looks guarded already."""
    return "'" + text if _NEEDS.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given: `unguard(guard(text)) == text` for every text."""
    return text[1:] if _GUARDED.match(text) else text
