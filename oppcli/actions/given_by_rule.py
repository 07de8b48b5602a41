"""Deals that the rules of `[assign]` give to somebody: one, all that are nobody's, and such as time takes away."""

from collections.abc import Iterable, Iterator

from oppcli.actions.act import Act, Look
from oppcli.actions.assigning import Table, explained, nobody, taken_away, tell
from oppcli.actions.deals import require_unlocked
from oppcli.actions.handing import handed, passed
from oppcli.actions.outcome import Outcome
from oppcli.errors import PolicyError
from oppcli.model import reasons
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import tenures
from oppcli.rules.assigning import Choice
from oppcli.store import alike, owning

VERB = "deal assign --by-rule"


def one(act: Act, deal: Deal, *, explain: bool = False) -> Outcome:
    """A deal given to whoever's it is by the rules, whosever it was. Refused (8) where the policy has none, and to who
    may not assign it."""
    act.require_deal("deal assign", deal)
    require_unlocked(act, deal, None)
    _require_rules(act)
    line, lines = given(act, Table(act), deal, explain=explain)
    return Outcome(done=(line,), ids=(ref("deal", deal.id),), details=lines)


def every(act: Act, *, explain: bool = False) -> Outcome:
    """All live deals that are nobody's, after pairs were merged that are surely one; those that may be one with
    another are left and named. By managers; refused (8) where the policy has no rules."""
    act.require(VERB, say("assign all deals"))
    _require_rules(act)
    from oppcli.actions.merging_sure import merge_sure

    merged = merge_sure(act)
    numbers = owning.unowned(act.door)
    doubtful = in_doubt(act, numbers)
    done, details, ids = [], list[str](), []
    table = Table(act)
    for deal in act.door.find(Deal, id=[each for each in numbers if each not in doubtful]):
        line, lines = given(act, table, deal, explain=explain)
        done.append(line)
        details += lines
        ids.append(ref("deal", deal.id))
    said = [say("{n} {n:pair|pairs} merged that {n:was|were} surely one", n=len(merged))] if merged else []
    return Outcome(
        done=(*said, *merged, *done) or (say("nothing is nobody's"),),
        ids=tuple(ids),
        details=(*details, *left(doubtful)),
    )


def left(doubtful: Iterable[int]) -> tuple[str, ...]:
    """What is said of deals that may be one with another: nobody is given them before that is decided."""
    names = [ref("deal", number) for number in sorted(doubtful)]
    if not names:
        return ()
    dupes = command("dupes", "list")
    return (say("left, for they may be one with another: {deals}; {dupes}", deals=listed(names), dupes=dupes),)


def in_doubt(look: Look, numbers: list[int]) -> set[int]:
    """Those of these deals that have an open match, or whose customer has one."""
    return alike.in_doubt(look.door, numbers) if numbers else set()


def given(act: Act, table: Table, deal: Deal, *, explain: bool = False) -> tuple[str, tuple[str, ...]]:
    """(What became of it, lines below that) of a deal that is given out, or stays nobody's."""
    name = ref("deal", deal.id)
    choice = table.choice(deal)
    why = explained(act, deal, choice) if explain else ()
    if choice is None and deal.owner is not None and taken_away(act, deal):
        line, lines = _given_back(act, deal)
        return line, (*why, *lines)
    if choice is None:
        return say("{name} {title}: no rule is true, it stays as it is", name=name, title=deal.title), why
    asked = choice.passed_over or choice.nobody
    if choice.login is None and asked and deal.owner is not None and not taken_away(act, deal):
        kept = {"name": name, "title": deal.title, "login": deal.owner, "why": nobody(choice)}
        return say("{name} {title} stays {login}'s: {why}", **kept), why
    if choice.login is None and deal.owner is None:
        return say("{name} {title} stays nobody's: {why}", name=name, title=deal.title, why=nobody(choice)), why
    if choice.login == deal.owner:
        return say("{name} is {login}'s already", name=name, login=choice.login), why
    return _given(act, table, deal, choice, why)


def _given(act: Act, table: Table, deal: Deal, choice: Choice, why: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    saved, details = handed(act, deal, choice.login, how=f"{tenures.RULE}{choice.rule}")
    table.gave(choice, deal.id)
    tell(act, saved, choice.rule)
    line = say("{line}, by rule {rule}", line=passed(deal, saved), rule=choice.rule)
    return line, (*why, *details)


def another(act: Act, deal: Deal) -> tuple[str, str] | None:
    """(Who else is to have a deal by the rules, how that tenure comes about); None where they name nobody."""
    choice = Table(act).choice(deal, deal.owner) if act.policy.assign is not None else None
    if choice is None or choice.login is None:
        return None
    return choice.login, f"{tenures.RULE}{choice.rule}"


def reconsidered(act: Act, deal: Deal) -> tuple[str, ...]:
    """A deal that a rule gave to somebody, and which is not theirs any more where its `unless` became true: the rules
    behind it give it to another, else it is nobody's. Nothing where it stays."""
    if deal.owner is None or not taken_away(act, deal):
        return ()
    table = Table(act)
    choice = table.choice(deal)
    if choice is not None and choice.login == deal.owner:
        return ()
    if choice is None or choice.login is None:
        line, details = _given_back(act, deal)
    else:
        line, details = _given(act, table, deal, choice, ())
    return (line, *details)


def _given_back(act: Act, deal: Deal) -> tuple[str, tuple[str, ...]]:
    saved, details = handed(act, deal, None, how=tenures.RETURN, why=reasons.UNRULED)
    return say("{line}, for its rule holds no longer", line=passed(deal, saved)), details


def _require_rules(act: Act) -> None:
    if act.policy.assign is None or not act.policy.assign.rules:
        raise PolicyError(say("the policy has no rules of assignment"), hint=command("help", "policy"))


def due(look: Look) -> list[int]:
    """Deals that never were anybody's and that somebody may be given, and those whose rule holds no longer."""
    rules = look.policy.assign.rules if look.policy.assign else ()
    if not rules:
        return []
    fresh = owning.unowned(look.door, fresh=True)
    doubtful = in_doubt(look, fresh)
    table = Table(look)
    found = [deal.id for deal in look.door.find(Deal, id=fresh) if deal.id not in doubtful and _taker(table, deal)]
    leaving = [f"{tenures.RULE}{rule.name}" for rule in rules if rule.unless is not None]
    given = owning.held_by(look.door, leaving) if leaving else []
    return found + [deal.id for deal in look.door.find(Deal, id=given) if taken_away(look, deal)]


def _taker(table: Table, deal: Deal) -> bool:
    choice = table.choice(deal)
    return choice is not None and choice.login is not None


def woken(act: Act, numbers: Iterable[int]) -> Iterator[str]:
    """What time does: the first are given out, after pairs were merged that are surely one; the others are taken away
    again."""
    from oppcli.actions.merging_sure import merge_sure

    yield from merge_sure(act)
    table, wanted = Table(act), list(numbers)
    doubtful = in_doubt(act, wanted)
    for deal in act.door.find(Deal, id=wanted):
        if deal.owner is not None:
            yield from reconsidered(act, deal)
        elif deal.standing == LIVE and deal.id not in doubtful and _taker(table, deal):
            line, lines = given(act, table, deal)
            yield line
            yield from lines
