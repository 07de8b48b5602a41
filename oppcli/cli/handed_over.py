"""`opp deal assign D-1 --to zhou --handover`: the card as it stands, kept in the task of who is to take the deal."""

from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.batch import each
from oppcli.cli.context import Context

if TYPE_CHECKING:
    from oppcli.model.sight import Sight
    from oppcli.store.doors import ReadDoor


def handed_over(opp: Context, refs: list[str], to: str, message: str | None) -> Outcome:
    """Each deal with a task of its own. Refused as `actions.handover` says."""
    from oppcli.actions import find, handover

    def one(ref: str) -> Outcome:
        text = card(opp, ref, to)
        with opp.act("deal assign") as act:
            found = find.deal(act.door, ref, ids_only=not opp.interactive)
            return handover.begin(act, found, to, card=text, why=message)

    return each(opp, refs, "deal", one)


class Shared(Context):
    """The surroundings of who hands over, with the eyes of both: what either has not is in no card."""

    to = ""
    """The login of who gets it."""

    def see(self, door: "ReadDoor") -> "Sight | None":
        from oppcli.actions import find
        from oppcli.actions.sights import sight_of

        mine = super().see(door)
        if mine is None:
            return None
        theirs = sight_of(door, find.user(door, self.to).login, mine.now)
        more = theirs.hidden if theirs is not None else ()
        self.sight = mine._replace(hidden=tuple(dict.fromkeys((*mine.hidden, *more))))
        return self.sight


def card(opp: Context, ref: str, to: str) -> str:
    """The card of a deal as people read it, in the language of who hands it over."""
    from oppcli.cli import showing
    from oppcli.cli.deal_card import shown

    both = Shared(opp.flags)
    both.to, both.given = to, {"output": "table"}
    return showing.page(shown(both, ref), both, terminal=False).strip()
