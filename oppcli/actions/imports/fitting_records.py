"""What records need beside their fields, and how a row without an id is known again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.record_fields import RecordFields
from oppcli.actions.imports.referring import Referring
from oppcli.files.reading import BLANK
from oppcli.files.references import Reference
from oppcli.files.tally import Draft
from oppcli.model.follow import FOLLOW, OPEN, Activity, Task
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import KEPT, folded
from oppcli.model.refs import meant, ref
from oppcli.model.said import say
from oppcli.model.units import EPOCH
from oppcli.words import names

ONCE = ("created_at", "created_by", "recorded_at")
"""Fields that a blank cell does not clear."""


class Fitting:
    """Rows of one noun against what is here."""

    def __init__(self, act: Act, to: RecordFields) -> None:
        self.act, self.door, self.to, self.word = act, act.door, to, to.word
        self.noun: type[Any] = class_of(BY_WORD[to.word])

    def check(self, draft: Draft) -> None:
        """Note what is wrong with a row whose cells are good one by one."""
        if self.word == "activity":
            self._activity(draft)
        elif self.word == "task":
            self._task(draft)

    def _activity(self, draft: Draft) -> None:
        at = draft.values["at"]
        if at > self.door.at:
            draft.wrong("at", say("{at} is in the future", at=self._shown(at)))
        if not any(draft.values.get(name) for name in ("deal", "customer", "contacts")):
            draft.wrong("deal", say("names no deal, customer or contact: where did it happen?"))

    def _task(self, draft: Draft) -> None:
        values = draft.values
        if values.get("due_on") is not None and values.get("due_at") is not None:
            draft.wrong("due_at", say("due_on and due_at are one or the other"))
        if values.get("state") not in (None, OPEN) and values.get("done_at") is None and "done_at" in self.to.fields:
            draft.values["done_at"] = values.get("due_at") or self.door.at
        if values.get("kind") == FOLLOW and values.get("deal") is None and values.get("customer") is None:
            draft.wrong("deal", BLANK)

    def _shown(self, at: int) -> str:
        return (EPOCH + timedelta(milliseconds=at)).astimezone(self.to.zone).strftime("%Y-%m-%d %H:%M")

    def identity(self, draft: Draft) -> tuple[Any, ...]:
        """What no two rows of a file without ids have in common."""
        values = draft.values
        if self.word == "activity":
            return self.word, values["at"], values["by"], values.get("text"), values.get("deal"), values.get("customer")
        return self.word, draft.line

    def same(self, draft: Draft, referring: Mapping[str, Referring]) -> int | None:
        """The number of a record that is what a row tells, though no id says so: an activity of the same author, place,
        time and text; the open next step of a deal or customer with the same title and day."""
        numbers = {
            name: referring[name].known(value)
            for name in ("deal", "customer")
            if isinstance(value := draft.values.get(name), Reference)
        }
        if self.word == "activity":
            return self._same_activity(draft, numbers)
        if self.word == "task" and draft.values.get("kind") == FOLLOW:
            return self._same_step(draft, numbers)
        return None

    def _same_activity(self, draft: Draft, numbers: Mapping[str, int | None]) -> int | None:
        values = draft.values
        here = {f"{name}_id": number for name, number in numbers.items() if number is not None}
        if not here or (values.get("external_id") is not None):
            return None
        found = self.door.find(Activity, at=values["at"], who=values["by"], standing=KEPT, **here)
        return next((each.id for each in found if each.text == (values.get("text") or "")), None)

    def _same_step(self, draft: Draft, numbers: Mapping[str, int | None]) -> int | None:
        """Refused in the draft where the deal, or the customer without one, has another next step."""
        values = draft.values
        noun = "deal" if values.get("deal") is not None else "customer"
        number = numbers.get(noun)
        if number is None or values.get("state") not in (None, OPEN):
            return None
        where = {"deal_id": number} if noun == "deal" else {"customer_id": number, "deal_id": None}
        for step in self.door.find(Task, **where, kind=FOLLOW, state=OPEN, standing=KEPT):
            if (folded(step.title), step.due_on) == (folded(values["title"]), values.get("due_on")):
                return step.id
            if step.external_id is None or step.external_id != values.get("external_id"):
                told = {"deal": ref(noun, number), "task": ref("task", step.id)}
                draft.wrong(noun, say("{deal} has another next step by now: {task}", **told))
        return None

    def here(self, drafts: Sequence[Draft]) -> dict[int, int]:
        """Line → number, of rows of an own export whose records are still where they came from: of this reference, and
        made at the same instant, or called the same where nobody knows when."""
        refs = {draft.line: meant(draft.values.get("external_id") or "") for draft in drafts}
        numbers = {line: int(of[1]) for line, of in refs.items() if of is not None and of[0] == self.word}
        found = self.door.find(self.noun, id=sorted(set(numbers.values())), standing=KEPT) if numbers else []
        there = {each.id: each for each in found}
        by_line = {draft.line: draft for draft in drafts}
        return {
            line: number
            for line, number in numbers.items()
            if number in there and self._is_it(by_line[line].values, there[number])
        }

    def _is_it(self, values: Mapping[str, Any], record: Any) -> bool:
        if self.word == "activity":
            return bool(values["at"] == record.at)
        at = values.get("created_at")
        if at is not None or record.created_at is not None:
            return bool(at == record.created_at)
        return bool(values.get("name") == record.name)

    def made(self, values: dict[str, Any], system: str) -> Any:
        """The new record."""
        given = {name: value for name, value in values.items() if name not in ONCE or value}
        defaults = {"system": system, "created_by": self.act.by}
        if given.get("external_id") is None:
            defaults["system"] = None  # type: ignore[assignment]  # no id, no place that it comes from
        if self.word == "activity":
            defaults |= {"recorded_at": self.door.at, "channel": "import", "kind": "note"}  # type: ignore[dict-item]
            given["text"] = given.get("text") or ""
        else:
            defaults["created_at"] = self.door.at  # type: ignore[assignment]
        if self.word == "task":
            given |= {
                f"promised_{end}": given.get(f"promised_{end}") or given.get(f"due_{end}") for end in ("on", "at")
            }
        given = {name: value for name, value in given.items() if value is not None or name not in defaults}
        return self.changed(self.noun(**{**self._key(given), **defaults, **given}))

    def _key(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {"key": names.key(values["name"])} if "name" in values else {}

    def changed(self, record: Any) -> Any:
        """The record with what follows from its fields."""
        if self.word not in ("customer", "contact"):
            return record
        return replace(record, key=names.key(record.name))
