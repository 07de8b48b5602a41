"""What a policy says of reminders of dates, in sentences."""

from collections.abc import Iterator

from oppcli.model.reminding import APPROVAL, CONTRACT, FACT, PAYMENT, QUOTE, DayReminder
from oppcli.model.said import Said, say
from oppcli.policy import phrases
from oppcli.policy.sentences import Sentences

_OF = {
    APPROVAL: say("The owner is reminded {when} an approval ends."),
    QUOTE: say("The owner is reminded {when} a quote ends that is not accepted."),
    CONTRACT: say("The owner is reminded {when} a contract ends."),
    PAYMENT: say("The owner is reminded {when} an instalment is due that is not paid."),
    FACT: say("The owner is reminded {when} a fact ends."),
}


def reminders(said: Sentences) -> Iterator[Said]:
    """One sentence for each date, and one of who is told besides."""
    found = said.policy.remind
    for name, sentence in _OF.items():
        if entries := getattr(found, name):
            yield sentence.filled(when=phrases.both(map(_when, entries)))
    if found.cc:
        yield say("A copy goes to {people}.", people=said.people(found.cc))


def _when(entry: DayReminder) -> Said:
    if entry.days > 0:
        return say("{n} {n:day|days} after", n=entry.days)
    return say("{n} {n:day|days} before", n=-entry.days) if entry.days else say("on the day")
