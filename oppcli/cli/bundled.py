"""Whether a line of `opp export` is about one deal, which is bundled, or about a kind of records."""

from collections.abc import Sequence

from oppcli.model.refs import meant


def of_deal(words: Sequence[str]) -> bool:
    """Whether the first word that is no flag is the reference of a deal; what stands behind `-O` is a file."""
    before = ""
    for word in words:
        if before not in ("-O", "--out") and not word.startswith("-"):
            found = meant(word)
            return found is not None and found[0] == "deal"
        before = word
    return False
