"""Terms of a yes that are met, with the file that shows it, or waived."""

from pathlib import Path

from oppcli.actions.act import Act
from oppcli.actions.requests.verbs import Done, change, find
from oppcli.model.deals import Deal
from oppcli.model.said import Word, say
from oppcli.rules.approvals import terms
from oppcli.rules.approvals.eligible import called


def met(
    act: Act, text: str, number: int | None, *, why: str | None = None, file: Path | None = None, waive: bool = False
) -> Done:
    """A term closed; the file is kept with the deal as evidence of the kind `R-31 1`. Refused as the rule refuses it,
    and for a file that cannot be read."""
    digest = None
    if file is not None:
        from oppcli.actions import evidence

        request = find(act.door, text)
        deal = act.door.get(Deal, request.deal_id)
        made = evidence.file_of(deal, file, f"{called(request)} {number or 1}")
        digest = made.sha256
    past = Word("term", "waived" if waive else "met")
    done = change(
        act,
        text,
        "met",
        lambda request, world: terms.met(request, world, act.by, number, why=why, file=digest, waive=waive),
        past=say("condition {state}", state=past),
    )
    if file is not None:
        evidence.keep(act, made)
    return done
