"""How likely one open deal is by the deals that closed and had reached its stage."""

from oppcli.model.deals import Deal
from oppcli.model.policy import Policy
from oppcli.reads.chances import History, columns_of, fields_of, of_money, path_of, plain_values, values_of
from oppcli.rules.chances import Chance, Lacking, learnt
from oppcli.store.doors import ReadDoor


def chance(door: ReadDoor, policy: Policy, deal: Deal, now: int) -> Chance | Lacking | None:
    """With the interval of what came true; how many closed where they are too few; None where who asks sees none of the
    fields that it is learnt from, or the stage is no more."""
    fields = fields_of(policy, door.hidden)
    money = of_money(policy, fields)
    history = History(door, fields, now, money) if fields else None
    place = next((each for each in history.places if each.name == deal.stage), None) if history else None
    if history is None or place is None:
        return None
    model = learnt([each.past for each in history.closed(place)])
    if isinstance(model, Lacking):
        return model
    paths = [path_of(name) for name in fields]
    (row,) = door.rows(f"SELECT d.currency, d.extra{columns_of(paths)} FROM deal d WHERE d.id = :id", id=deal.id)
    currency, extra, *columns = row
    stood = values_of(paths, extra, columns)
    return model.chance(plain_values(stood.values(), [name in money for name in fields], currency))
