"""What the languages call a thing, for who types it: asked for where nothing is called exactly so."""

from collections.abc import Callable, Collection

from oppcli.model.said import Word
from oppcli.speech import Voice, spoken
from oppcli.speech.compiled import FOLDERS


def in_every_language(text: str) -> tuple[str, ...]:
    """What was said, as it was and as each language tells it."""
    return (text, *(spoken(text, Voice(lang=lang)) for lang in FOLDERS))


def told(group: str) -> Callable[[str], tuple[str, ...]]:
    """How the languages tell a code of this group: 审批中 of the state `pending`."""
    return lambda code: in_every_language(Word(group, code))


def code(noun: str, field: str, typed: str, known: Collection[str]) -> str:
    """Which of the codes that a field of a noun holds is meant: `commit` for 承诺. The text itself for one of them, for
    what is none, and for a field that holds no codes."""
    if typed in known:
        return typed
    from oppcli.model.coded import group
    from oppcli.words.named import understood

    words = group(noun, field)
    return typed if not words else understood(typed, known, told(words)) or typed
