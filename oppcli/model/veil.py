"""Texts without what somebody does not have: hidden fields are taken out of JSON, masked ones are shown in part, and a
sentence that tells what a hidden field was and is names the field alone."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

from oppcli.model.kept import MARK

PHONE, EMAIL = ("phone", "mobile", "tel", "电话", "手机"), ("email", "mail", "邮箱", "邮件")
"""What the name of a field holds that is masked as such; everything else shows its first character."""
SHORTEST_PHONE = 8
MONEY = re.compile(r", [A-Z]{3} -?[0-9,]+(?:\.[0-9]+)?")
"""How a sentence names the amount of what it is about."""


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


def veil(hidden: Collection[str], masks: Collection[str]) -> Callable[[str | None, Any], str | None]:
    """What takes hidden fields out of a stored JSON or sentence and masks others; masks are left out where the second
    argument says that they see it in full."""
    gone = {*hidden, *(f"extra.{name}" for name in hidden)}
    partly = {key: name for name in masks for key in (name, f"extra.{name}")}
    names = "|".join(map(re.escape, sorted(hidden, key=len, reverse=True)))
    told = re.compile(rf"(?<!\w)({names}) .*? → .*?(?=, |; | after approval|\)|$)") if names else None

    def text(said: str) -> str:
        if told is None or ("→" not in said and "amount" not in hidden):
            return said
        plain = said.partition(MARK)[0]
        clean = told.sub(r"\1", plain)
        if "amount" in hidden:
            clean = MONEY.sub("", clean)
        return said if clean == plain else clean

    def value(found: Any, full: bool) -> Any:
        if isinstance(found, dict):
            kept = ((key, each) for key, each in found.items() if key not in gone)
            return {key: part(partly.get(key, ""), each, full) for key, each in kept}
        if isinstance(found, list):
            return [value(each, full) for each in found]
        return text(found) if isinstance(found, str) else found

    def part(name: str, found: Any, full: bool) -> Any:
        if not name or full or found is None:
            return value(found, full)
        if isinstance(found, list):
            return [part(name, each, full) for each in found]
        return masked(name, found if isinstance(found, str) else str(found))

    def unveiled(stored: str | None, full: Any) -> str | None:
        if stored is None or stored in ("", "{}", "[]"):
            return stored
        if stored[0] not in "{[":
            return text(stored)
        try:
            found = json.loads(stored)
        except ValueError:
            return text(stored)
        return json.dumps(value(found, bool(full)), ensure_ascii=False, separators=(",", ":"))

    return unveiled
