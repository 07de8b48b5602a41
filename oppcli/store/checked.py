"""What one check of a database found."""

from oppcli.tuples import NamedTuple


class Result(NamedTuple):
    """One check: what was looked at, how many, and what is wrong with it (nothing: it is in order)."""

    name: str
    looked_at: int
    faults: tuple[str, ...]
