"""A sample of a file → the draft of its mapping."""

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from oppcli.files.drafts.below import below
from oppcli.files.drafts.customers import told as customer_told
from oppcli.files.drafts.draft import Draft, graded
from oppcli.files.drafts.fitting import Here, counted, ids, measured
from oppcli.files.drafts.forms import choices
from oppcli.files.drafts.names import CLOSED, NAMES, STATUS, is_status
from oppcli.files.drafts.placing import Placed, Places, Ready, instants
from oppcli.files.drafts.sample import Cells, Sample
from oppcli.files.drafts.stages import Stages
from oppcli.files.mapping_keys import OPEN
from oppcli.model.deals import CLOSED_KINDS
from oppcli.model.said import Said, listed, say

FEW = 2
"""Rows from which on it says something that all of them differ."""


class Drafting:
    """Puts a draft together: what has a column, then what a mapping cannot do without, then what is left."""

    def __init__(self, sample: Sample, here: Here, *, system: str, ready: Ready, by: str = "") -> None:
        self.sample, self.here = sample, here
        self.stages = Stages(here.policy.stages)
        self.places = Places(sample, here, self.stages, ready, by)
        self.draft = Draft({"system": system}, stages=[rule.name for rule in here.policy.stages], ready=by)
        self.draft.whys["system",] = say("whose ids they are; the next file of it is known by this name")

    def made(self, file: dict[str, Any]) -> Draft:
        """The draft. `file`: what its `[file]` has to say."""
        tree, fields = self.draft.tree, dict[str, Any]()
        if file:
            tree["file"] = file
        tree["fields"] = fields
        order = [*NAMES, *(name for name in self.here.fields if name not in NAMES)]
        placed = self.places.fields.get("customer")
        customer = customer_told(self.places, placed) if placed else None
        self._needed()
        for name in order:
            if name in self.places.fields and name not in (CLOSED, STATUS):
                self._field(name, self.places.fields[name])
        if customer is not None:
            found, why = customer
            self._put(("fields", "customer"), found, why, sure=self.places.fields["customer"].fit.sure)
        self._currency()
        self._required()
        tree["fields"] = {name: fields[name] for name in order if name in fields}
        self._closing()
        self._entered()
        self.draft.below += below(self.places, self.draft.tree)
        return self.draft

    def _put(self, path: tuple[str, str], found: Any, why: Said, *, sure: bool) -> None:
        section, name = path
        self.draft.tree.setdefault(section, {})[name] = found
        bare = isinstance(found, dict) and OPEN in found.values()
        self.draft.whys[path] = why if bare else graded(why, sure=sure)
        if self.here.fields.get(name) is not None and self.here.fields[name].values:
            self.draft.choices["fields", name] = self.here.fields[name].values

    def _field(self, name: str, placed: Placed) -> None:
        found = {"column": placed.column, **placed.fit.keys}
        self._open(("fields", name), placed)
        if name == "stage" and STATUS in self.places.fields:
            status = self.places.fields[STATUS]
            found = {"column": status.column, **status.fit.keys, "else": found}
        self._put(("fields", name), found, placed.fit.why, sure=placed.fit.sure)
        if name == "expected_close" and CLOSED not in self.places.fields:
            self._past(placed)

    def _open(self, path: tuple[str, str], placed: Placed) -> None:
        """Keep what the open keys of a source can be."""
        for key, those in choices(placed.fit.keys, self.sample.columns[placed.column].counts).items():
            self.draft.choices[*path, key] = those

    def _past(self, placed: Placed) -> None:
        """Days that lie in the past are perhaps when the deal really ended."""
        at, cells = instants(placed, self.here.zone), self.sample.columns[placed.column]
        past = sum(n for cell, n in cells.counts.items() if at(cell) < self.here.now)
        if past:
            ends = listed(self._ends())
            self.draft.whys["fields", "expected_close"] = say(
                "likely: {n} {n:lies|lie} in the past; of closed deals perhaps [entered] {stages}", n=past, stages=ends
            )

    def _ends(self) -> list[str]:
        return [rule.name for rule in self.stages.rules if rule.kind in CLOSED_KINDS]

    def _needed(self) -> None:
        """Id, title and stage, where no column is called so."""
        found = self.places.fields
        if STATUS in found and "stage" not in found:
            status = found.pop(STATUS)
            again = self.places.stage(self.sample.columns[status.column])
            if again is not None:
                found["stage"] = Placed(status.column, again)
        if "stage" not in found:
            self._stage()
        if STATUS in found and "stage" in found and self._ending(found["stage"]):
            self.places.used.discard(found.pop(STATUS).column)
        if "external_id" not in found:
            self._id()
        if "title" not in found:
            self._title()
        if "stage" not in found:
            path = ("fields", "stage")
            why = say("no column has the stage: say which one they are all in")
            self._put(path, {"constant": OPEN}, why, sure=False)

    def _stage(self) -> None:
        """A column whose cells are stages here, whatever it is called; some of them, where it is called a status or
        tells won from lost."""
        for name, cells in self.sample.columns.items():
            again = self.places.stage(cells) if name not in self.places.used and cells.counts else None
            if again is None:
                continue
            left = [*again.keys.get("values", {}).values()].count(OPEN)
            if not left or (is_status(name) and left < len(cells.counts)) or self._ends_in(cells) > 1:
                self.places.put("stage", name, again._replace(sure=False))
                return

    def _ending(self, stage: Placed) -> bool:
        """Whether the stage itself tells won from lost."""
        return self._ends_in(self.sample.columns[stage.column]) > 0

    def _ends_in(self, cells: Cells) -> int:
        """How many of the stages that end a deal stand in a column."""
        return len({self.stages.meant(cell) for cell in cells.counts} & {*self._ends()})

    def _id(self) -> None:
        """A column whose cells all differ and are neither days nor amounts, else the fewest columns that tell rows
        apart, else one of small numbers. Of one row anything differs."""
        if self._differing(lambda cells: not counted(cells)):
            return
        fields = self.places.fields
        told = [fields[name].column for name in ("title", "customer", "created_at", "owner") if name in fields]
        for size in range(1, len(told) + 1):
            for columns in combinations(told, size):
                if self._apart(columns):
                    return
        if self._differing(counted):
            return
        why = say("no column tells all rows apart: say which one, or a template of several")
        self._put(("fields", "external_id"), {"column": OPEN}, why, sure=False)
        self.draft.choices["fields", "external_id", "column"] = self.sample.header

    def _differing(self, wanted: Callable[[Cells], bool]) -> bool:
        """Take the first column of these for the id whose cells all differ."""
        for name, cells in self.sample.columns.items():
            if name in self.places.used or self.places.rows < FEW or measured(cells) or not wanted(cells):
                continue
            if (found := ids(cells, self.places.rows)) and found.sure:
                self._put(("fields", "external_id"), {"column": name, **found.keys}, found.why, sure=False)
                self.places.used.add(name)
                return True
        return False

    def _apart(self, columns: Sequence[str]) -> bool:
        """Take these columns for the id where they tell all rows apart."""
        keys = ["/".join(self.sample.cell(row, column) for column in columns) for row in self.sample.rows]
        if len(set(keys)) < len(keys):
            return False
        template = "/".join(f"{{{column}}}" for column in columns)
        why = say("no column of ids; this tells {n} of {all} apart", n=len(keys), all=len(keys))
        source = {"column": columns[0]} if len(columns) == 1 else {"template": template}
        self._put(("fields", "external_id"), source, why, sure=False)
        return True

    def _title(self) -> None:
        """Customer and id, where nothing is called a title."""
        fields = self.places.fields
        parts = [fields[name].column for name in ("customer", "external_id") if name in fields]
        if "external_id" in self.draft.tree["fields"] and "external_id" not in fields:
            parts += [name for name in (self.draft.tree["fields"]["external_id"].get("column"),) if name]
        why = say("no column is a title")
        source: dict[str, Any] = {"column": parts[-1]} if parts else {"constant": OPEN}
        if len(parts) > 1:
            source = {"template": " ".join(f"{{{column}}}" for column in parts), "else": source}
        self._put(("fields", "title"), source, why, sure=False)

    def _currency(self) -> None:
        why = self.places.told_currency
        if why is not None and "currency" not in self.places.fields and "amount" in self.places.fields:
            self._put(("fields", "currency"), {"constant": self.places.currency}, why, sure=True)

    def _required(self) -> None:
        for name, field in self.here.fields.items():
            if field.required and name not in self.draft.tree["fields"]:
                why = say("required by the policy, and no column has it: say what it is")
                self._put(("fields", name), {"constant": OPEN}, why, sure=False)

    def _closing(self) -> None:
        """When deals ended: a column that says so, or a closing date that only ended deals have."""
        fields = self.places.fields
        placed = fields.get(CLOSED)
        if placed is None and "expected_close" in fields and self._only_ended(fields["expected_close"]):
            placed = fields.pop("expected_close")
            del self.draft.tree["fields"]["expected_close"]
            placed = placed._replace(fit=placed.fit._replace(why=say("only ended deals have it"), sure=True))
        for name in self._ends() if placed else ():
            assert placed is not None
            self.places.entered.setdefault(name, placed)

    def _only_ended(self, placed: Placed) -> bool:
        if "stage" not in self.places.fields:
            return False
        stage = self.places.fields["stage"].column
        ended = {True: 0, False: 0}
        for row in self.sample.rows:
            if self.sample.cell(row, placed.column):
                ended[self.stages.meant(self.sample.cell(row, stage)) in self._ends()] += 1
        return ended[True] > 0 and ended[False] == 0

    def _entered(self) -> None:
        for rule in self.stages.rules:
            placed = self.places.entered.get(rule.name)
            if placed is not None:
                found = {"column": placed.column, **placed.fit.keys}
                self._open(("entered", rule.name), placed)
                self._put(("entered", rule.name), found, placed.fit.why, sure=placed.fit.sure)


def system_of(file: str) -> str:
    """What to call the system of a file: its name without folder, endings and numbers."""
    name = re.split(r"[\\/]", file)[-1].partition(".")[0]
    words = re.sub(r"[\d_\W]+", " ", name).split()
    return " ".join(words).casefold() or "file"
