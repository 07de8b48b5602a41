"""Texts without what somebody does not have: hidden fields are taken out of JSON, masked ones are shown in part, and a
sentence that tells what a hidden field was and is names the field alone."""

import json
import re
from collections.abc import Collection
from typing import Any

from oppcli.model.said import MARK

PHONE, EMAIL = ("phone", "mobile", "tel", "电话", "手机"), ("email", "mail", "邮箱", "邮件")
"""What the name of a field holds that is masked as such; everything else shows its first character."""
SHORTEST_PHONE = 8
MONEY = re.compile(r", [A-Z]{3} -?[0-9,]+(?:\.[0-9]+)?")
"""How a sentence names the amount of what it is about."""

TOLD_TO = (
    r"(?=(?:, |; )[^ ,;]+ (?:changed(?:[,;)]| after|$)|(?:[^,;→]|,[0-9])*→)"
    r"| after approval(?:\)|,|$)|\); earlier decisions|; [^ ,;]+ answers: |\)?$)"
)
"""Up to where a sentence tells what a field is now: the next field that was something, the words after it, its end. A
text may hold commas and brackets, so that none of them ends it. For Python and PostgreSQL."""


def masked(name: str, text: str) -> str:
    """`138****0000`, `z***@example.com`, `w***`: as much of a value as everybody may see. Nothing stays nothing."""
    kind = name.casefold()
    if not text:
        return text
    if any(word in kind for word in EMAIL) and "@" in text:
        return f"{text[0]}***{text[text.rindex('@') :]}"
    if any(word in kind for word in PHONE) and len(text) >= SHORTEST_PHONE:
        return f"{text[:3]}****{text[-4:]}"
    return f"{text[0]}***"


VALUE = r" is (?!missing)(?:[A-Z]{3} )?[^\s;,]+(?:,[0-9]+(?:\.[0-9]+)?)*(?: %)?"
"""How a gate tells what it read: `customer.overdue is CNY 30,000.00`."""
OF_CUSTOMER = r"customer\.\w+"
"""What teams know of customers goes with amounts."""


class Veil:
    """What takes hidden fields out of stored JSON and sentences, and masks others."""

    def __init__(self, hidden: Collection[str], masks: Collection[str]) -> None:
        names = "|".join(map(re.escape, sorted(hidden, key=len, reverse=True)))
        self._told = re.compile(rf"(?<!\w)({names}) .*? → .*?{TOLD_TO}", re.DOTALL) if names else None
        self._amount = "amount" in hidden
        read = [*(re.escape(name) for name in hidden if "." in name), *([OF_CUSTOMER] if self._amount else [])]
        self._read = re.compile(rf"(?<!\w)({'|'.join(read)}){VALUE}") if read else None
        self._gone = {*hidden, *(f"extra.{name}" for name in hidden)}
        self._partly = {key: name for name in masks for key in (name, f"extra.{name}")}

    def text(self, said: str) -> str:
        """A sentence that names a hidden field where it told what it was and is."""
        if self._told is None or ("→" not in said and self._read is None):
            return said
        plain = said.partition(MARK)[0]
        clean = self._told.sub(r"\1", plain)
        if self._read is not None:
            clean = self._read.sub(r"\1", clean)
        if self._amount:
            clean = MONEY.sub("", clean)
        return said if clean == plain else clean

    def value(self, found: Any, full: bool) -> Any:
        """JSON without hidden fields; masked ones are whole where it is for somebody who sees it `full`."""
        if isinstance(found, dict):
            kept = ((key, each) for key, each in found.items() if key not in self._gone)
            return {key: self._part(self._partly.get(key, ""), each, full) for key, each in kept}
        if isinstance(found, list):
            return [self.value(each, full) for each in found]
        return self.text(found) if isinstance(found, str) else found

    def _part(self, name: str, found: Any, full: bool) -> Any:
        if not name or full or found is None:
            return self.value(found, full)
        if isinstance(found, list):
            return [self._part(name, each, full) for each in found]
        return masked(name, found if isinstance(found, str) else str(found))

    def __call__(self, stored: str | None, full: Any) -> str | None:
        """A stored JSON or sentence, as they may read it."""
        if stored is None or stored in ("", "{}", "[]"):
            return stored
        if stored[0] not in "{[":
            return self.text(stored)
        try:
            found = json.loads(stored)
        except ValueError:
            return self.text(stored)
        return json.dumps(self.value(found, bool(full)), ensure_ascii=False, separators=(",", ":"))
