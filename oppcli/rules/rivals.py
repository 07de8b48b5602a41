"""Who else offers on a deal: found by name, and who of them won it."""

from oppcli.model.deals import Deal, Rival
from oppcli.model.noun import replace
from oppcli.words.names import key


def named(deal: Deal, name: str) -> Rival | None:
    """The one of this name, however it is spelt; None where there is none."""
    return next((each for each in deal.rivals if key(each.name) == key(name)), None)


def beaten(deal: Deal, winner: str) -> Deal:
    """The lost deal with who won it as its competitor and among those who offer, under the name that stands there."""
    had = named(deal, winner)
    if had is not None:
        return replace(deal, competitor=had.name)
    return replace(deal, competitor=winner, rivals=(*deal.rivals, Rival(name=winner)))
