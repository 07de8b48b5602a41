"""Which of several named things is meant, in whatever language: by its name, a title, or either spelt otherwise."""

from collections.abc import Callable, Iterable

from oppcli.errors import Ambiguous, Reason
from oppcli.model.said import listed, say

Titles = Callable[[str], Iterable[str | None]]
"""What else a thing of this name is called. Asked for only where no name is exactly what was typed."""


def untitled(name: str) -> tuple[str, ...]:
    """Nothing is called otherwise than by its name."""
    return ()


def understood(text: str, names: Iterable[str], titles: Titles = untitled) -> str | None:
    """The name that is meant: the text itself, else what is titled so, else what differs in case, width and blanks
    only; None where there is none. Refused (`Ambiguous`) for what several are called, with the list of them."""
    known = tuple(names)
    if text in known:
        return text
    called = [(name, tuple(filter(None, titles(name)))) for name in known]
    found = [name for name, others in called if text in others]
    if not found:
        typed = folded(text)
        found = [name for name, others in called if typed in (folded(name), *map(folded, others))]
    if len(found) > 1:
        reasons = tuple(Reason(name, next(iter(others), "")) for name, others in called if name in found)
        raise Ambiguous(say("{text} could be several", text=text), reasons=reasons, hint=say("say which by its name"))
    return found[0] if found else None


def begun(text: str, names: Iterable[str]) -> str | None:
    """The name that is meant as `understood`, else the one that begins so; None where there is none. Refused
    (`Ambiguous`) where there are several."""
    known = tuple(names)
    typed = folded(text)
    same = [name for name in known if name == text] or [name for name in known if folded(name) == typed]
    same = same or [name for name in known if folded(name).startswith(typed)]
    if len(same) > 1:
        raise Ambiguous(say("{name} could be {same}", name=text, same=listed(same, " or ")))
    return same[0] if same else None


def folded(name: str) -> str:
    """The same for two spellings that differ in case, width and blanks, `_` among them."""
    if not name.isascii():
        from unicodedata import normalize

        name = normalize("NFKC", name)
    return "".join(name.casefold().replace("_", " ").split())
