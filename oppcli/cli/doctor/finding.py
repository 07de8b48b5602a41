"""What an examination found."""

from oppcli.tuples import NamedTuple


class Finding(NamedTuple):
    """One line of the answer."""

    status: str
    """ok, warn (it works, but), fail."""
    check: str
    finding: str
    fix: str = ""
    """A command or a sentence."""


def ok(check: str, finding: str) -> Finding:
    return Finding("ok", check, finding)


def warn(check: str, finding: str, fix: str = "") -> Finding:
    return Finding("warn", check, finding, fix)


def fail(check: str, finding: str, fix: str = "") -> Finding:
    return Finding("fail", check, finding, fix)
