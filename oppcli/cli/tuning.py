"""`opp policy tune`: what the points of scores would be by how deals ended, as TOML."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.cli import filters
from oppcli.cli.context import Context
from oppcli.cli.framing import framed
from oppcli.model.records import COUNTED
from oppcli.reads.probability import stage_of
from oppcli.reads.table import Table
from oppcli.reads.tuning import READ, Tuned, Tuning, beside, comments, table, tuned, why


def tune(opp: Context, stage: Sequence[str] | None) -> Table:
    """The scores of the applied policy with other points; it is for who asks to apply them."""
    (asked,) = READ.params
    with opp.read(COUNTED) as door:
        policy = opp.policy(door)
        place = stage_of(door, {"stage": filters.value(opp, door, asked, stage)})
        found = tuned(door, policy, place, framed(opp, door))
        return table(found, "".join(f"{line}\n" for line in _lines(opp, found, policy.text)))


def _lines(opp: Context, found: Tuning, text: str) -> Iterator[str]:
    """The tables of the policy as they stand there, but for the points; what was found out stands beside them."""
    yield from (_comment(opp, each) for each in comments(found))
    written = {each["name"]: each for each in tomllib.loads(text).get("score", ())} if found.scores else {}
    for score in found.scores:
        yield from ("", _comment(opp, beside(score)), "[[score]]")
        yield from _keys(opp, score, written[score.score])


def _keys(opp: Context, score: Tuned, written: Mapping[str, Any]) -> Iterator[str]:
    for key, value in written.items():
        if key != "rules":
            yield f"{_key(key)} = {_value(value)}"
            continue
        yield "rules = ["
        for rule, each in zip(score.rules, value, strict=True):
            yield f"  {_value({**each, 'points': rule.tuned})},  {_comment(opp, why(rule))}"
        yield "]"


def _comment(opp: Context, text: str) -> str:
    """A line that says nothing to programs, whatever is in it."""
    return f"# {' '.join(opp.spoken(text).split())}"


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else str(value)
