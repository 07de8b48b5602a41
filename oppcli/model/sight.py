"""What one person sees of a database whose policy has a `[scope]`: whose deals, and which fields of them not."""

from oppcli.tuples import NamedTuple

_PRICED = ("margin", "discount", "amount")
OFFERING = {
    **dict.fromkeys(("price", "quote", "contract", "fact"), _PRICED),
    "judgement": ("amount", "category", "expected_close"),
    "forecast": ("amount", "probability", "category", "expected_close"),
}
"""Nouns whose parts say what fields of deals say: without one of these fields an entry of theirs tells no more than
that there was one."""


class Sight(NamedTuple):
    """What is seen by whoever asks, at the moment of asking."""

    login: str
    now: int
    """Milliseconds since 1970 UTC: delegations count within their window."""
    whole: bool
    """Whether they see every record."""
    owners: tuple[str, ...]
    """Whose deals they see: their own; those of everybody below them, whoever left included; or everybody's."""
    below: tuple[str, ...]
    """They themselves and everybody below them: of those nothing is masked."""
    wide: bool
    """Whether these are so many people that looking at every deal costs less than looking each of them up."""
    hidden: tuple[str, ...] = ()
    """Fields of deals they do not have."""
    masked: tuple[str, ...] = ()
    """Fields of which they see a part only, but on deals of who is below them."""
    exports: bool = True
    """Whether they may take data out."""

    @property
    def everything(self) -> bool:
        """Whether they see all there is, as it is."""
        return self.whole and not self.hidden and not self.masked
