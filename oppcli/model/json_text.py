"""JSON by the lightest means that has it.

`json` compiles six patterns when it is imported, for twins in Python of what CPython does in C: 14 of the 390 million
instructions of a card. Here what it has in C is asked itself; whatever that does not read, `json` reads or refuses.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

Hook = Callable[[dict[str, Any]], Any]
_BLANKS = " \t\n\r"
try:
    _in_c: Any = import_module("_json")
except ImportError:  # another Python
    _in_c = None


class _Way:
    """How the scanner reads: as `json.loads` does."""

    strict = True
    parse_float = float
    parse_int = int
    object_pairs_hook = None

    def __init__(self, hook: Hook | None) -> None:
        self.object_hook = hook

    @staticmethod
    def parse_constant(name: str) -> float:
        return float(name.replace("Infinity", "inf"))


_SCANNERS: dict[Hook | None, Callable[[str, int], tuple[Any, int]]] = {}
"""By hook."""


def loads(text: str, hook: Hook | None = None) -> Any:
    """The value of a text of JSON, as `json.loads(text, object_hook=hook)` gives it. Raises `ValueError` (TypeError for
    what is no text) where it is none."""
    if _in_c is not None and type(text) is str:
        if hook not in _SCANNERS:
            _SCANNERS[hook] = _in_c.make_scanner(_Way(hook))
        try:
            value, end = _SCANNERS[hook](text, len(text) - len(text.lstrip(_BLANKS)))
        except (StopIteration, SystemError):  # it names a fault by a class of `json`, and by nothing without that
            end = -1
        if end == len(text) or (end > 0 and not text[end:].strip(_BLANKS)):
            return value
    import json

    return json.loads(text, object_hook=hook)


def array(values: Iterable[int] | Iterable[str]) -> str:
    """A list of numbers or of texts as JSON."""
    if _in_c is not None:
        quoted = _in_c.encode_basestring_ascii
        return f"[{', '.join(quoted(value) if isinstance(value, str) else str(value) for value in values)}]"
    import json

    return json.dumps(list(values))
