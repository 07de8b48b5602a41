"""What follows from the applied policy and is kept beside it, for whoever would otherwise have to read its text."""

import json

from oppcli.model.policy import Policy
from oppcli.policy import keeping, read
from oppcli.rules.fields import own_fields, own_personal
from oppcli.rules.record_fields import own_kinds
from oppcli.store import imported, journal, queries
from oppcli.store.doors import WriteDoor
from oppcli.store.seals import OWN_PERSONAL


def derive(door: WriteDoor, policy: Policy, *, personal: bool = False) -> None:
    """Keep what reads would otherwise have to ask the text for. `personal`: there were personal fields before."""
    door.derive(queries.POLICY_KEPT, keeping.kept(policy))
    door.derive(queries.OWN_FIELDS, _own(policy))
    theirs = _theirs(policy)
    if any(theirs.values()) or queries.derived(door, queries.OWN_FIELDS_OF) is not None:
        door.derive(queries.OWN_FIELDS_OF, json.dumps(theirs, ensure_ascii=False))
    if policy.sheets or policy.priority is not None or queries.derived(door, queries.RECKONED):
        from oppcli.rules.reckoned import kept as reckoned

        door.derive(queries.RECKONED, reckoned(policy))
    door.derive(queries.LANGUAGE, policy.spoken)
    if policy.follow is not None:
        imported.begin(door)
    if personal or own_personal(policy):
        door.derive(OWN_PERSONAL, json.dumps(own_personal(policy), ensure_ascii=False))
    if policy.hooks or door.hooked:
        door.derive(journal.HOOKED, json.dumps(sorted({each for hook in policy.hooks for each in hook.on})))
    if policy.duplicates or door.matching is not None:
        _match_by(door, policy)


def _own(policy: Policy) -> str:
    return json.dumps(own_fields(policy), ensure_ascii=False)


def _theirs(policy: Policy) -> dict[str, list[tuple[str, str, str]]]:
    return {noun: own_kinds(noun, policy) for noun in policy.fields_of}


def for_reads(text: str | None) -> dict[str, str | None]:
    """What reads find kept beside a policy of this text (None: while there was none), by its key; None for what is not
    there. The policy itself is read from its text."""
    keys = (queries.POLICY_KEPT, queries.OWN_FIELDS, queries.OWN_FIELDS_OF, queries.RECKONED, queries.LANGUAGE)
    if text is None:
        return dict.fromkeys(keys)
    from oppcli.rules.reckoned import kept as reckoned

    policy = read(text)
    told = (None, _own(policy), json.dumps(_theirs(policy), ensure_ascii=False), reckoned(policy), policy.spoken)
    return dict(zip(keys, told, strict=True))


def _match_by(door: WriteDoor, policy: Policy) -> None:
    """Keep the keys by which duplicates are looked up, anew where other fields are compared."""
    from oppcli.rules.duplicates import kept, own_kinds
    from oppcli.store.matching import match_by

    wanted = kept(policy.duplicates, own_kinds(policy))
    if wanted != (queries.derived(door, queries.MATCHING) or ""):
        match_by(door, wanted)
