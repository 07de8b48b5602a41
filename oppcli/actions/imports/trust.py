"""`--trust-approvals`: an admin lets what a file says count as if it had been decided here, with a reason."""

from collections.abc import Iterable

from oppcli.actions.act import Act
from oppcli.errors import UsageError
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.rules.verbs import verb

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
