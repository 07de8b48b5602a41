"""The sentences of tables that are told by themselves: facts, reminders, hooks, contracts, reports, duplicates."""

from collections.abc import Iterator

from oppcli.model.approver import approver
from oppcli.model.command import command
from oppcli.model.contracting import Contracting
from oppcli.model.duplicates import ALLOW, BLOCK, CLI, FLAG, WARN, DuplicateRule
from oppcli.model.facts import FactRule
from oppcli.model.hooking import REFUSE, Hook
from oppcli.model.policy import ALWAYS
from oppcli.model.reminding import APPROVAL, CONTRACT, FACT, PAYMENT, QUOTE, DayReminder
from oppcli.model.said import Said, Word, label, listed, say
from oppcli.policy import contract_keys, phrases, quote_keys
from oppcli.policy.sentences import Sentences
from oppcli.rules.bands import bands
from oppcli.words import percents, spans
from oppcli.words.day_names import SHOWN_LONG_MONTHS

DEAL = "deal"
_REMINDED = {
    APPROVAL: say("The owner is reminded {when} an approval ends."),
    QUOTE: say("The owner is reminded {when} a quote ends that is not accepted."),
    CONTRACT: say("The owner is reminded {when} a contract ends."),
    PAYMENT: say("The owner is reminded {when} an instalment is due that is not paid."),
    FACT: say("The owner is reminded {when} a fact ends."),
}
_ALIKE = {
    "customer": say("two customers"),
    "contact": say("two contacts"),
    DEAL: say("two deals under way"),
}
_ANSWERED = {
    BLOCK: say("{name}: {nouns} with {what}: the second is refused."),
    WARN: say("{name}: {nouns} with {what}: it is said when the second is written."),
    FLAG: say("{name}: {nouns} with {what}: the match is kept."),
    ALLOW: say("{name}: {nouns} with {what}: nothing is said, {dupes} finds them."),
}


def quotes(said: Sentences) -> Iterator[str]:
    yield from said.keys(quote_keys.QUOTE, said.policy.quote)


def facts(said: Sentences) -> Iterator[Said]:
    """One sentence for each."""
    yield from (_fact(name, rule) for name, rule in said.policy.facts.items())


def _fact(name: str, rule: FactRule) -> Said:
    told = {
        "name": label(name, rule.title),
        "kind": Word("holds", rule.kind),
        "by": say("; the adapter {source} is asked for it", source=rule.source) if rule.source else "",
        "fresh": say("; it counts for {n} {n:day|days}", n=rule.fresh_days) if rule.fresh_days else "",
        "who": listed(rule.who) if rule.who else say("managers and admins"),
    }
    return say("{name} holds {kind}{by}{fresh}; {who} may enter it.", **told)


def reminders(said: Sentences) -> Iterator[Said]:
    """One sentence for each date, and one of who is told besides."""
    found = said.policy.remind
    for name, sentence in _REMINDED.items():
        if entries := getattr(found, name):
            yield sentence.filled(when=phrases.both(map(_when, entries)))
    if found.cc:
        yield say("A copy goes to {people}.", people=said.people(found.cc))


def _when(entry: DayReminder) -> Said:
    if entry.days > 0:
        return say("{n} {n:day|days} after", n=entry.days)
    return say("{n} {n:day|days} before", n=-entry.days) if entry.days else say("on the day")


def hooks(said: Sentences) -> Iterator[Said]:
    """One sentence for each."""
    yield from map(_hook, said.policy.hooks)


def _hook(hook: Hook) -> Said:
    told = {
        "name": hook.name,
        "events": listed(hook.on),
        "when": say(" where {condition}", condition=hook.when.text) if hook.when != ALWAYS else "",
        "time": spans.shown(hook.timeout_ms),
    }
    if hook.fail == REFUSE:
        return say("{name} is asked before {events}{when}, for {time}; without an answer nothing is done.", **told)
    return say("{name} is asked before {events}{when}, for {time}; without an answer it goes on.", **told)


def contract(said: Sentences) -> Iterator[str]:
    """What is approved before one is signed, and who answers which clause."""
    table: Contracting = said.policy.contract
    yield from said.keys(contract_keys.CONTRACT, table)
    for clause in table.clauses:
        told = {"clause": clause.name, "who": said.people(map(approver, clause.who))}
        if clause.when == ALWAYS:
            yield say("{clause} is answered by {who}.", **told)
        else:
            yield say("{clause} is answered by {who}, when {when}.", **told, when=said.when(clause.when))


def reports(said: Sentences) -> Iterator[Said]:
    """When their year begins, where that is not January, what delay costs, and the bands of each number."""
    policy = said.policy
    if policy.fiscal_year > 1:
        yield say("The year of reports begins in {month}.", month=SHOWN_LONG_MONTHS[policy.fiscal_year - 1])
    if policy.delay_cost is not None:
        cost = percents.shown(policy.delay_cost)
        yield say("A day of waiting for approval costs {cost} of a deal's amount × probability.", cost=cost)
    for name, cuts in policy.bands.items():
        field = _titled(said, name)
        yield say("{field} is counted in bands: {bands}.", field=field, bands=listed(bands(cuts).labels))
    if policy.kpi is not None:
        own, team = policy.kpi
        yield say("What a person attained weighs {own}, what their team attained {team}.", own=own, team=team)
    if policy.win is not None:
        names = listed(_titled(said, name) for name in policy.win.fields)
        yield say("How likely deals are won is learnt from {fields}.", fields=names)


def _titled(said: Sentences, name: str) -> str:
    rule = said.policy.fields.get(name)
    return label(name, (rule.title if rule else None) or "")


def duplicates(said: Sentences) -> Iterator[str]:
    """A sentence for each rule: what it takes for one, and what is done about it at the keyboard."""
    table = said.policy.duplicates
    for rule in table.rules:
        told = {"name": rule.name, "nouns": _ALIKE[rule.of], "what": _what(said, rule)}
        yield _ANSWERED[table.answer(rule, CLI)].filled(**told, dupes=command("dupes", "list"))


def _what(said: Sentences, rule: DuplicateRule) -> str:
    """`the same phone and name alike by 50 %`."""

    def called(field: str) -> str:
        return said.clauses.field(field) if rule.of == DEAL else label(field.replace("_", " "))

    same = [say("the same {field}", field=called(field)) for field in rule.same]
    like = [say("{field} alike by {least} %", field=called(field), least=least) for field, least in rule.like.items()]
    return phrases.both((*same, *like))
