"""What the languages call a thing, for who types it: asked for where nothing is called exactly so."""

from collections.abc import Callable

from oppcli.model.said import Word
from oppcli.speech import Voice, spoken
from oppcli.speech.compiled import FOLDERS


def in_every_language(text: str) -> tuple[str, ...]:
    """What was said, as it was and as each language tells it."""
    return (str(text), *(spoken(text, Voice(lang=lang)) for lang in FOLDERS))


def told(group: str) -> Callable[[str], tuple[str, ...]]:
    """How the languages tell a code of this group: 审批中 of the state `pending`."""
    return lambda code: in_every_language(Word(group, code))
