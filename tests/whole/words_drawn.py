"""What may stand for each parameter of each command: right ones mostly, wrong ones, and ones that were right once.

A parameter is found by its command and name (`lead add --from`), else by its name; what is said of
it are choices parted by ` ; `, in which `{D}` and the like are drawn of what there is (`Drawing`)."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

HOLE = re.compile(r"\{(\w*)\}")


def table(name: str) -> dict[str, list[str]]:
    """Parameter → its choices, of a file that lies beside this one."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    lines = [line.partition(" = ") for line in text.splitlines()]
    return {name: choices.split(" ; ") for name, _, choices in lines}


CHOICES = {"argument": table("arguments.txt"), "option": table("options.txt")}


def choices(kind: str, path: str, name: str) -> Sequence[str] | None:
    """What may stand for a parameter of a command, an `argument` or an `option` with a value; None: nobody said."""
    of_kind = CHOICES.get(kind, {})
    return of_kind.get(f"{path} {name}") or of_kind.get(name)


def filled(recipe: str, draw: Callable[[str], str]) -> str:
    """One word: what stands in braces is drawn, and `{}` is nothing."""
    return HOLE.sub(lambda found: draw(found[1]) if found[1] else "", recipe)
