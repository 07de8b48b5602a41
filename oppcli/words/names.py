"""When two names are the same name: the key customers are matched by, and the login made from a person's name."""

import unicodedata


def key(name: str) -> str:
    """Folded for matching: full and half width, case and runs of spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def login(name: str) -> str:
    """A login from a printed name: `Darcel Schlecht` is `darcel.schlecht`, `张伟` stays `张伟`."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    letters = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return ".".join(letters.split())


def is_login(text: str) -> bool:
    """Letters, digits and . _ - @ +, at most 64, not all digits (a number is an id), not a flag."""
    if not 0 < len(text) <= 64 or text[0] in ".-" or text.isdigit():
        return False
    return all(c.isalnum() or c in "._-@+" for c in text)
