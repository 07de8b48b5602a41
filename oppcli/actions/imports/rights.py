"""What who imports may do: touch under a scope what they see and what they imported themselves; and, with
`--trust-approvals` and a reason as an admin, let what a file says count as if it had been decided here."""

from collections.abc import Iterable

from oppcli.actions.act import Act
from oppcli.errors import UsageError
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.rules.verbs import verb
from oppcli.store import queries
from oppcli.store.doors import ReadDoor

VERB = "import trusted"


class Trust:
    """Why the approvals of a file count, and who says so."""

    def __init__(self, reason: str | None) -> None:
        self.reason = (reason or "").strip()

    def require(self, act: Act) -> None:
        """Refuse it to anybody but an admin, and without a reason."""
        act.require(VERB, say("let imported approvals count"))
        if verb(VERB).needs_reason and not self.reason:
            raise UsageError(say("say why the approvals of this file count"), hint=say("add -m REASON"))


def part_of(login: str, deal: Deal, submitters: Iterable[str] = ()) -> Said | None:
    """Why somebody may not let the approvals of a deal count: they have a part in it. None where they have none."""
    if login in (deal.owner, *deal.collaborators, *submitters):
        return say("{login} has a part in {deal}: somebody else lets it count", login=login, deal=ref("deal", deal.id))
    return None


def require_fields(door: ReadDoor, names: Iterable[str]) -> None:
    """Refuse (4) a mapping of fields that who imports does not have."""
    if door.sight is not None:
        from oppcli.rules import scopes

        scopes.require_fields(door.sight, names)


def not_theirs(door: ReadDoor, by: str, deal: Deal) -> Said | None:
    """Why a row may not touch a deal that is here: whose it is, where it is not theirs to see. None where it may. What
    they imported themselves goes on to follow its file, whoever owns it."""
    if deal.created_by == by or queries.visible(door, "deal", deal.id):
        return None
    return say("it is a deal of {owner} already, and not yours to see", owner=deal.owner)
