"""The text that a search by words looks into: compatibility forms (NFKC) and case make no difference in it."""


def folded(text: str) -> str:
    """`ＭＥＳ Ⅱ` is `mes ii`; what is typed is folded the same way before the two are compared."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", text).casefold())


def search_key(*texts: str | None) -> str:
    """The folded texts, one per line; those that are not there are left out."""
    return "\n".join(folded(text) for text in texts if text)
