"""Which stage of the policy a cell of another program means; what nobody can know is left open."""

import re
from collections.abc import Iterable, Iterator

from oppcli.files.drafts.names import plain
from oppcli.model.deals import LEAD, LOST, WON
from oppcli.model.policy import StageRule
from oppcli.words.named import folded

_WON = "closed won|closedwon|won|win|deal won|赢单|已赢单|成交|已成交|成单|已成单|签单|已签单|赢"
_LOST = "closed lost|closedlost|lost|lose|deal lost|输单|已输单|丢单|战败|失败|输"
_LEAD = "lead|leads|new lead|线索|新线索|初步接触|初步沟通|new|new opportunity"
_GROUPS = (
    _LEAD,
    "prospecting|prospect|潜在客户",
    "qualification|qualified|qualify|qualifying|资格确认|资格审查",
    "solution|方案|解决方案|方案制定|方案设计|方案阶段",
    "quote|quotation|price quote|proposal price quote|报价|报价阶段|已报价|报价中",
    "negotiation|negotiating|negotiation review|谈判|商务谈判|谈判阶段|谈判中",
    "contract|contracting|签约|合同|合同签订|签约中|合同阶段",
)
"""Names of one stage in other programs and in the other language."""
_SAME = {name: group for group in _GROUPS for name in group.split("|")}
_KINDS = {kind: frozenset(names.split("|")) for kind, names in ((WON, _WON), (LOST, _LOST), (LEAD, _LEAD))}
GOING = frozenset("open|active|ongoing|in progress|pending|进行中|跟进中|打开|未结单".split("|"))
"""What a status says of a deal that has not ended."""
_NUMBERED = re.compile(r"^(?:s|stage|阶段)?\s*\d+\s+|\s+\d+(?: percent)?$")
_ASIDE = re.compile(r"[(（\[].*?[)）\]]")
_DATE_WORDS = re.compile(
    r"\b(?:date|datetime|time|entered|entry|on|at|of|into|stage|deal|the|moved|first)\b|日期|时间|进入|阶段|于"
)
LIKE = 5
"""Letters that begin both a column and a stage which are taken for one: `engage_date`, Engaging."""


class Stages:
    """The stages of a policy by everything they are called."""

    def __init__(self, rules: Iterable[StageRule]) -> None:
        self.rules = tuple(rules)
        self._plain: dict[str, str] = {plain(rule.name): rule.name for rule in reversed(self.rules)}

    def of_kind(self, kind: str) -> list[str]:
        """The names of the stages of this kind."""
        return [rule.name for rule in self.rules if rule.kind == kind]

    def kind(self, name: str) -> str:
        """The kind of a stage."""
        return next(rule.kind for rule in self.rules if rule.name == name)

    def meant(self, cell: str) -> str | None:
        """The one stage that a cell can mean; None where that is open."""
        for words in _readings(cell):
            if words in self._plain:
                return self._plain[words]
            for kind, names in _KINDS.items():
                if words in names and len(ends := self.of_kind(kind)) == 1:
                    return ends[0]
            group = _SAME.get(words, "").split("|")
            found = {name for called, name in self._plain.items() if called in group}
            if len(found) == 1:
                return found.pop()
        return None

    def said(self, cell: str) -> bool:
        """Whether a cell already is the name of a stage, as an import reads it."""
        return any(folded(rule.name) == folded(cell) for rule in self.rules)

    def entered(self, column: str) -> tuple[str, bool] | None:
        """The stage whose entry a column of dates is named after, and whether by its whole name."""
        rest = " ".join(_DATE_WORDS.sub(" ", plain(_ASIDE.sub(" ", column))).split())
        if rest and rest != plain(column) and (name := self.meant(rest)):
            return name, True
        if len(rest) >= LIKE:
            near = [name for called, name in self._plain.items() if called.startswith(rest[:LIKE])]
            return (near[0], False) if len(near) == 1 else None
        return None


def _readings(cell: str) -> Iterator[str]:
    """A cell as plain words: whole, and without numbers or what stands in brackets."""
    words = plain(cell)
    yield words
    bare = _NUMBERED.sub("", plain(_ASIDE.sub(" ", cell))).strip()
    if bare and bare != words:
        yield bare


def is_kind(cell: str, kind: str) -> bool:
    """Whether a cell says that a deal was won, or lost."""
    return any(words in _KINDS[kind] for words in _readings(cell))
