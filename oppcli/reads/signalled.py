"""The signals of deals as conditions ask for them: a list in SQL, of the deals that have some by their numbers."""

import json
from collections import defaultdict

from oppcli.reads.lying import signalled
from oppcli.reads.table import Frame
from oppcli.reads.translating import Term
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import literal


def term_of_signals(door: ReadDoor, frame: Frame, where: Where, within: Where) -> Term:
    """What the signals of `deal d` are, for those that pass the filters `within`; the others have none. The numbers are
    written into `where`."""
    deals: dict[str, list[int]] = defaultdict(list)
    for deal, names in signalled(door, frame.policy(), within, frame.now, frame.tz, frame.hidden).items():
        deals[json.dumps(names)].append(deal)
    deals.pop("[]", None)
    cases = []
    for text, numbers in deals.items():
        name = where.name(None).removeprefix(":")
        holds, where.params[name] = door.any_of("d.id", name, numbers)
        cases.append(f"WHEN {holds} THEN {literal(text)}")
    sql = f"CASE {' '.join(cases)} ELSE '[]' END" if cases else "'[]'"
    texts = " UNION ".join(f"SELECT {literal(text)}" for text in deals) or "SELECT '[]'"
    return Term(sql, as_list=True, texts=texts, empty=f"{sql} = '[]'")
