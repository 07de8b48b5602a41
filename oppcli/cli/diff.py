"""Journal entries as the lines a dry run shows."""

from oppcli.cli.context import Context
from oppcli.model.nouns import PREFIXES
from oppcli.model.said import Word, listed, say
from oppcli.reads.summary import Telling, summary
from oppcli.rules.fields import own_fields, own_kinds
from oppcli.words.shown import show_instant


def changed_lines(context: Context) -> list[str]:
    """What a dry run would write, a line per entry: instants as they are for who reads, notices as they were said."""
    telling = Telling(
        own_kinds(context.applied),
        {name: title for name, _, title in own_fields(context.applied)} if context.applied else {},
        show=lambda at: listed((show_instant(at, context.tz, context.now),)),
    )
    sentences = {str(each.id): each.text for each in context.written if type(each).__name__ == "Notice"}
    reasons = {str(each.id): each.reason for each in context.written if type(each).__name__ == "Request"}
    found: list[str] = []
    for entry in context.entries:
        name = f"{PREFIXES.get(entry.noun, '')}{entry.noun_id}" if entry.noun in PREFIXES else entry.noun_id
        currency, stays = context.currencies.get((entry.noun, entry.noun_id)), entry.meta.get("stays", ())
        if entry.noun == "delegation" and context.applied:
            currency = context.applied.currency
        changes = entry.changes
        if entry.noun == "notice" and entry.noun_id in sentences:
            changes = {**changes, "text": [None, sentences[entry.noun_id]]}
        if entry.noun == "request" and "reason" in changes and entry.noun_id in reasons:
            changes = {**changes, "reason": [changes["reason"][0], reasons[entry.noun_id]]}
        what = summary(changes, currency, stays, telling, entry.noun)
        done = {"action": Word("action", entry.action), "noun": Word("noun", entry.noun), "name": name}
        found.append(
            say("  {action} {noun} {name}: {what}", **done, what=what)
            if what
            else say("  {action} {noun} {name}", **done)
        )
    return found
