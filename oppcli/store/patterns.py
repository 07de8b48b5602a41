"""Texts as patterns of SQL's LIKE."""


def like(text: str) -> str:
    """`text` as it stands, for `LIKE … ESCAPE '\\\\'`: nothing in it is a wildcard."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
