"""What ends an act before it is committed: what it wrote is looked up, and what is worth a word is said."""

from typing import TYPE_CHECKING

from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.cli.surroundings import Surroundings


def ended(opp: "Surroundings", act: "Act") -> None:
    """Say the warnings of an act. Refused (5) where what it wrote is there already and the policy blocks that."""
    if act.door.matching is not None:
        from oppcli.store.matching import pending

        if pending(act.door):
            from oppcli.actions.duplicates import entered

            entered(act)
    for text in act.warnings:
        opp.say(say("warning: {text}", text=text))
