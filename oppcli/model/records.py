"""What records have in common: whether they count (their standing), and the folded text that a search looks into.

live, archived; withdrawn: taken back, counts nowhere, not as lost; merged: another record stands for it.
"""

LIVE, ARCHIVED, WITHDRAWN, MERGED = "live", "archived", "withdrawn", "merged"
STANDINGS = (LIVE, ARCHIVED, WITHDRAWN, MERGED)

SHOWN = (LIVE,)
"""What lists show, and what is a candidate for anything."""
COUNTED = (LIVE, ARCHIVED)
"""What figures count."""
KEPT = (LIVE, ARCHIVED, MERGED)
"""What keeps its name and external id to itself: a withdrawn record gives them free."""
ANY = STANDINGS
"""What a single thing, its history and the journal are read with."""

ERASED = "(erased)"
"""What stands in place of a text that was erased for good."""


def folded(text: str) -> str:
    """`ＭＥＳ Ⅱ` is `mes ii`; what is typed is folded the same way before the two are compared."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", text).casefold())


def search_key(*texts: str | None) -> str:
    """The folded texts, one per line; those that are not there are left out."""
    return "\n".join([folded(text) for text in texts if text])
