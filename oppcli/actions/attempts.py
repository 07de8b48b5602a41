"""What the journal keeps beside what changed of why: of a change that a rule made, and of an attempt that was
refused."""

from typing import Any

from oppcli.errors import OppError
from oppcli.model.journal import SAID
from oppcli.model.kept import kept


def why(reason: str) -> dict[str, Any]:
    """The meta of an entry that says why: for programs, and of what the program said what that was made of, so that
    people read it in their own language."""
    return {"reason": str(reason), SAID: kept(reason)} if type(reason) is not str else {"reason": reason}


def attempted(refusal: OppError) -> dict[str, Any]:
    """The meta of its entry: the refusal, as `why`, and each of its reasons."""
    reasons = [reason.what for reason in refusal.reasons]
    return {"refused": str(refusal.message), SAID: kept(refusal.message), "reasons": reasons}
