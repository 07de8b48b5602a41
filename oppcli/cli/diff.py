"""Journal entries as the lines a dry run shows."""

from collections.abc import Callable, Iterable, Mapping

from oppcli.model.journal import Entry
from oppcli.model.nouns import PREFIXES
from oppcli.model.said import Word, listed, say


def entry_lines(
    entries: Iterable[Entry],
    kinds: Mapping[str, str],
    currencies: Mapping[tuple[str, str], str],
    show: Callable[[int], str],
    sentences: Mapping[str, str],
) -> list[str]:
    """A line per entry. `kinds` are those of the team's own fields, `currencies` by noun and key those of records that
    an entry does not say; instants are told by `show`, what notices said (`sentences`, by number) as it was said."""
    from oppcli.reads.summary import Telling, summary

    found: list[str] = []
    for entry in entries:
        name = f"{PREFIXES.get(entry.noun, '')}{entry.noun_id}" if entry.noun in PREFIXES else entry.noun_id
        currency, stays = currencies.get((entry.noun, entry.noun_id)), entry.meta.get("stays", ())
        changes = entry.changes
        if entry.noun == "notice" and entry.noun_id in sentences:
            changes = {**changes, "text": [None, sentences[entry.noun_id]]}
        what = summary(changes, currency, stays, Telling(kinds, show=lambda at: listed((show(at),))), entry.noun)
        done = {"action": Word("action", entry.action), "noun": Word("noun", entry.noun), "name": name}
        found.append(
            say("  {action} {noun} {name}: {what}", **done, what=what)
            if what
            else say("  {action} {noun} {name}", **done)
        )
    return found
