"""Mappings that are kept by the name of their system: after a file came in with one, and until somebody drops it."""

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.digest import sha256
from oppcli.model.noun import replace
from oppcli.model.records import KEPT, LIVE, WITHDRAWN
from oppcli.model.said import say
from oppcli.model.saved import Mapping
from oppcli.store.doors import ReadDoor
from oppcli.words.spelling import nearest

VERB = "mapping drop"


def kept(door: ReadDoor) -> list[Mapping]:
    """The mappings that were not dropped, the one that was used last first."""
    found = door.find(Mapping, standing=KEPT)
    return sorted(found, key=lambda each: (each.used_at or 0, each.saved_at), reverse=True)


def remember(act: Act, name: str, text: str) -> None:
    """Keep a mapping that has imported something; what was kept under its name is replaced."""
    known = next(iter(act.door.find(Mapping, name=name)), None)
    made = Mapping(
        name=name,
        text=text,
        hash=sha256(text.encode()),
        saved_by=act.by,
        saved_at=act.now,
        used_at=act.now,
        version=known.version if known else 1,
    )
    if known is None:
        act.door.add(made)
    elif known.hash == made.hash and known.standing == LIVE:
        act.door.save(known, replace(known, used_at=act.now))
    else:
        act.door.save(known, made)


def drop(act: Act, name: str) -> Outcome:
    """Forget a mapping. Refused to who may not import, and for a name that none is kept under."""
    act.require(VERB, say("drop mappings"))
    known = {each.name: each for each in kept(act.door)}
    if name not in known:
        raise NotFound(
            say("no mapping is kept as {name}{nearest}", name=name, nearest=nearest(name, known)),
            hint=command("mapping", "list"),
        )
    act.door.save(known[name], replace(known[name], standing=WITHDRAWN), action="withdraw")
    return Outcome(done=(say("mapping {name} dropped", name=name),), ids=(name,))
