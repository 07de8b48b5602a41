"""What the rows of a read are: `38 deals in deals.csv`, `no deals: --stage Won`."""

from oppcli.model.nouns import BY_WORD, NOUNS

BY_PATH = {
    "lead list": "deal",
    "board": "deal",
    "inbox": "request",
    "log": "entry",
    "deal history": "entry",
    "notices list": "notice",
    "export visits": "visit",
    "export journal": "entry",
} | {f"export {noun.plural}": noun.word for noun in NOUNS}
"""Where the first word of the command does not say it."""


def noun_of(read: str) -> str:
    """The word of the noun, by the words of the read; nothing where its rows are figures, or lines of several."""
    first, _, verb = read.partition(" ")
    return BY_PATH.get(read) or (first if verb in ("list", "show") and first in BY_WORD else "")
