"""The policy texts that were ever applied."""

from oppcli.model.noun import noun


@noun
class PolicyVersion:
    """A policy as it was applied. The one with the highest number runs; applying an old text again gives it the next
    number, so `hash` stays the key that requests point to."""

    hash: str
    """SHA-256 of `text`, in hexadecimal digits."""
    text: str
    name: str
    number: int
    applied_at: int
    applied_by: str
    scope: str | None = None
    """JSON of its [identity] and [scope]; None where it has neither."""
