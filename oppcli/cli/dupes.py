"""`opp dupes`: list keep."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.duplicates import NOUNS, DuplicateRule
from oppcli.model.follow import OPEN
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.reads.table import Table
    from oppcli.rules.duplicates import Pair

app = typer.Typer(help="Records that may be one: list keep.")
NEAREST = 10
"""Records that are told of each rule for a text."""


@app.command()
@writes
def keep(
    opp: Context,
    ref: Annotated[list[str], argument("REF REF", "the two that are different")],
    message: options.Message = None,
) -> Outcome:
    """These two are different: never asked again.

    opp dupes keep C-9 C-12 -m "two branches, two budgets"
    """
    from oppcli.actions.duplicates import keep as verb
    from oppcli.cli.batch import together

    return together(opp, ref, "dupes keep", lambda act, refs: verb(act, refs, why=message or ""))


def listed_(opp: Context, noun: str | None, rule: str | None, explain: str | None, exit_code: bool) -> Any:
    """Every two records that may be one and that nobody has called different; with a text, what it is compared as."""
    from oppcli.cli.nothing import worth_a_word
    from oppcli.reads.dupes import COLUMNS, offered
    from oppcli.reads.table import Table

    with opp.read() as door, opp.read(whole=True) as true:
        look = opp.look(door)
        rules = _rules(look, noun, rule)
        if explain is not None:
            return _explained(look, rules, explain)
        from oppcli.store.alike import known

        rows: list[tuple[Any, ...]] = []
        for of in dict.fromkeys(each.of for each in rules):
            decided = known(true, of)
            rows += _rows(look, of, [each for each in rules if each.of == of], decided)
    if not rows and worth_a_word(opp):
        opp.say(_nothing(look))
    table = Table(COLUMNS, rows, title=say("Duplicates"), exact=True, footer=offered(rows))
    return table, 10 if exit_code and rows else 0


def _nothing(look: "Look") -> Said:
    """What is said beside an empty list: that nothing may be one, or that nothing is compared."""
    if look.policy.duplicates is None:
        about = command("help", "duplicates")
        return say("the policy has no [duplicates], so nothing is compared: {help}", help=about)
    return say("nothing that may be one is left to decide")


def _rules(look: "Look", noun: str | None, name: str | None) -> list[DuplicateRule]:
    """The rules that were asked for. Refused (2) for a noun or a name there is not."""
    table = look.policy.duplicates
    found: Sequence[DuplicateRule] = table.rules if table else ()
    if noun is not None:
        of = noun.lower().removesuffix("s")
        if of not in NOUNS:
            raise UsageError(say("no such kind: {noun}", noun=noun), hint=say("one of {nouns}", nouns=listed(NOUNS)))
        found = [rule for rule in found if rule.of == of]
    if name is not None and name not in [rule.name for rule in found]:
        from oppcli.words.spelling import nearest

        known = [rule.name for rule in found]
        raise UsageError(
            say("no such rule: {name}{nearest}", name=name, nearest=nearest(name, known)),
            hint=say("one of {names}", names=listed(known)) if known else say("the policy has no [duplicates]"),
        )
    return [rule for rule in found if name in (None, rule.name)]


def _rows(
    look: "Look", noun: str, rules: Sequence[DuplicateRule], decided: dict[tuple[int, int], tuple[int, str]]
) -> Iterator[tuple[Any, ...]]:
    from oppcli.actions.resemblance import every, facts

    pairs = [pair for pair in every(look, noun, rules) if _open(decided, pair)]
    told = facts(look, noun, {number for pair in pairs for number in (pair.first, pair.second)})
    for pair in pairs:
        match, state = decided.get((pair.first, pair.second), (None, None))
        one, other = told[pair.first], told[pair.second]
        yield (
            ref(noun, pair.first),
            one.name,
            ref(noun, pair.second),
            other.name,
            pair.rule.name,
            pair.likeness,
            one.owner,
            other.owner,
            one.deals,
            other.deals,
            list(one.stages),
            list(other.stages),
            one.touched,
            other.touched,
            noun,
            ref("match", match) if match else None,
            state,
        )


def _open(decided: dict[tuple[int, int], tuple[int, str]], pair: "Pair") -> bool:
    return decided.get((pair.first, pair.second), (0, OPEN))[1] == OPEN


def _explained(look: "Look", rules: Iterable[DuplicateRule], text: str) -> "Table":
    from oppcli.actions.resemblance import near
    from oppcli.reads.dupes import EXPLAINED
    from oppcli.reads.table import Table

    rows = [
        (rule.name, field, form, ref(rule.of, number) if number else None, name, its, likeness, asked, holds)
        for rule in rules
        for field, form, number, name, its, likeness, asked, holds in near(look, rule, text, NEAREST)
    ]
    return Table(EXPLAINED, rows, title=say("{text}", text=text), exact=True)
