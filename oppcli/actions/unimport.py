"""Take an import of deals back: what it made is withdrawn, what it changed gets its old values, in constant memory.

Deals that somebody touched since, or that have requests, are kept and listed; customers and people that were made on
the way go when nobody needs them.
"""

from collections.abc import Iterator
from typing import Any

from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.actions.unimport_pages import SHOWN, Page, Tally, figures, of_figures, old_values, touched
from oppcli.errors import Conflict, PartlyDone
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import FOLLOW, OPEN, Task
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.records import KEPT, LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import undoing
from oppcli.rules.undoing import Net
from oppcli.store import runs
from oppcli.store.dropping import DROP


def unimport(act: Act, begun: Entry) -> Outcome:
    """An import, or the undo of one, taken back. Refused for votes and people that a file brought."""
    run, tally = begun.seq, Tally()
    require_reversible(act, run)
    meta = {"undoes": run}
    for page in _pages(act, run, tally, meta):
        _deals_made(page)
        _marked_back(page)
        _deals_changed(page)
    for page in _pages(act, run, tally, meta):
        _next_steps(page)
        _customers(page)
        _people(page)
        figures(page)
    if not any(tally.counts):
        raise Conflict(say("nothing of e{run} is left to undo", run=run))
    return _told(tally, run)


def require_reversible(look: Look, run: int) -> None:
    """Refuse an import of votes, and one of people alone; people made on the way of deals go with them. And refuse one
    that a new database was filled by, as a restore."""
    if runs.has(look.door, run, "user", DROP):
        said = say("e{run} is not undone: this database was filled by it", run=run)
        raise Conflict(said, hint=command("db", "restore", "FILE", ready=False))
    if runs.has(look.door, run, "request", "create", "import"):
        raise Conflict(say("e{run} is not undone: {what} that a file brought stand", run=run, what=say("decisions")))
    if runs.has(look.door, run, "payment"):
        raise Conflict(
            say("e{run} is not undone: {what} that a file brought stand", run=run, what=Word("plural", "payments")),
            hint=command("payment", "void", "PAYMENT", "-m", BLANK, ready=False),
        )
    if runs.has(look.door, run, "point"):
        raise Conflict(
            say("e{run} is not undone: {what} that a file brought stand", run=run, what=Word("plural", "points")),
            hint=command("points", "give", "LOGIN", "--kind", BLANK, "-m", BLANK, "--", "N", ready=False),
        )
    if runs.has(look.door, run, "user", "create", "edit") and not runs.has(look.door, run, "deal"):
        raise Conflict(say("e{run} is not undone: {what} that a file brought stand", run=run, what=say("people")))


def _pages(act: Act, run: int, tally: Tally, meta: dict[str, Any]) -> Iterator[Page]:
    for entries in runs.pages(act.door, run):
        del act.door.entries[SHOWN:]
        yield Page(act, run, undoing.nets(entries), tally, meta)


def _deals_made(page: Page) -> None:
    """Withdrawn in bulk, but those that somebody touched since or that have requests or files."""
    made = page.of("deal", made=True)
    if not made:
        return
    kept = touched(page, made) | _asked(page, made)
    kept |= dict.fromkeys(runs.deals_with(page.act.door, "file", made), say("has files"))
    _list(page, kept)
    gone = [key for key in made if key not in kept]
    page.tally.withdrawn += page.act.door.mark(Deal, gone, WITHDRAWN, action="undo", meta=page.meta)


def _marked_back(page: Page) -> None:
    """What an undo withdrew is restored, and what an undo of it restored is withdrawn."""
    mark = page.act.door.mark
    page.tally.restored += mark(Deal, page.marked("deal", LIVE), LIVE, action="undo", meta=page.meta)
    page.tally.withdrawn += mark(Deal, page.marked("deal", WITHDRAWN), WITHDRAWN, action="undo", meta=page.meta)
    mark(Customer, page.marked("customer", LIVE), LIVE, action="undo", meta=page.meta)
    gone = page.marked("customer", WITHDRAWN)
    page.tally.customers += mark(Customer, gone, WITHDRAWN, action="undo", meta=page.meta)


def _asked(page: Page, nets: dict[int, Net]) -> dict[int, str]:
    """Deals for which approval was asked: what the votes saw is not put back behind them."""
    return dict.fromkeys(runs.deals_with(page.act.door, "request", nets), say("has requests"))


def _list(page: Page, kept: dict[int, str]) -> None:
    page.tally.kept_deals |= kept.keys()
    for key, why in sorted(kept.items()):
        page.tally.keep(say("kept: {deal} {why}", deal=ref("deal", key), why=why))


def _deals_changed(page: Page) -> None:
    """Rows of deals that were there: their old values, all or none of a deal."""
    changed = page.of("deal", made=False)
    if not changed:
        return
    kept = touched(page, changed) | _asked(page, changed)
    _list(page, kept)
    deals = page.act.door.find(Deal, id=sorted(changed.keys() - kept.keys()))
    pairs: list[tuple[Deal, Deal]] = [
        (deal, replace(after, updated_at=page.act.now)) for deal, after in old_values(deals, changed)
    ]
    page.tally.told |= {deal.id for deal, _ in pairs}
    page.tally.returned += page.act.door.save_many(pairs, action="undo", meta=page.meta)


def _next_steps(page: Page) -> None:
    """Tasks that a file opened or moved, once their deals are as they will be: withdrawn, or as they were. They stay
    where their deal was kept, where another run changed them, and where another next step would be beside them."""
    door, mark = page.act.door, page.act.door.mark
    nets = page.of("task", made=True) | page.of("task", made=False)
    marked = page.marked("task", LIVE)
    mark(Task, page.marked("task", WITHDRAWN), WITHDRAWN, action="undo", meta=page.meta)
    if not nets and not marked:
        return
    tasks = {task.id: task for task in door.find(Task, id=[*nets, *marked])}
    deals = [task.deal_id for task in tasks.values() if task.deal_id is not None]
    planned = {task.deal_id for task in door.find(Task, deal_id=deals, kind=FOLLOW, state=OPEN, standing=KEPT)}
    mark(Task, [key for key in marked if tasks[key].deal_id not in planned], LIVE, action="undo", meta=page.meta)
    since = touched(page, nets, "task") if nets else {}
    changed = {tasks[key].deal_id or 0: why for key, why in since.items()}
    _list(page, {deal: why for deal, why in changed.items() if deal not in page.tally.kept_deals})
    free = [tasks[key] for key in nets if key not in since and tasks[key].deal_id not in page.tally.kept_deals]
    made = [task.id for task in free if nets[task.id].made]
    mark(Task, made, WITHDRAWN, action="undo", meta=page.meta)
    pairs = list(old_values([task for task in free if not nets[task.id].made], nets))
    door.save_many(pairs, action="undo", meta=page.meta)
    back = {task.deal_id for task in free} - page.tally.told
    here = {deal.id for deal in door.find(Deal, id=sorted(filter(None, back)), standing=KEPT)}
    page.tally.returned += len(here)
    page.tally.told |= here


def _customers(page: Page) -> None:
    made = page.of("customer", made=True)
    if made:
        used = runs.customers_used(page.act.door, made)
        unused = [key for key in made if key not in used]
        page.tally.customers += page.act.door.mark(Customer, unused, WITHDRAWN, action="undo", meta=page.meta)


def _people(page: Page) -> None:
    for net in page.nets:
        if net.noun != "user" or (net.made and runs.person_used(page.act.door, net.key)):
            continue
        person = page.act.door.get(User, net.key)
        if person.active == net.made:
            page.act.door.save(person, replace(person, active=not net.made), action="undo", meta=page.meta)
            page.tally.people += net.made


def _told(tally: Tally, run: int) -> Outcome:
    parts = [
        say("{n:,} {n:deal|deals} withdrawn", n=tally.withdrawn),
        say("{n:,} {n:deal|deals} restored", n=tally.restored),
        say("{n:,} {n:deal|deals} as before", n=tally.returned),
        say("{n:,} {n:customer|customers} withdrawn", n=tally.customers),
        say("{n:,} {n:person|people} deactivated", n=tally.people),
        say("{n:,} {n:deal|deals} kept", n=tally.kept_of_deals),
    ]
    found = [part for part, count in zip(parts, tally.counts, strict=False) if count]
    said = listed((*found, *of_figures(tally)))
    more = (say("and {n:,} more", n=tally.kept - SHOWN),) if tally.kept > SHOWN else ()
    code = PartlyDone.code if tally.kept else 0
    return Outcome(done=(say("e{run}: {what}", run=run, what=said),), details=(*tally.lines, *more), code=code)
