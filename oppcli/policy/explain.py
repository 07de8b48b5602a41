"""The policy in plain sentences: what a sales director reads before it is applied."""

from oppcli.errors import NotFound
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.policy.contract_sentences import contract
from oppcli.policy.duplicate_sentences import duplicates
from oppcli.policy.fact_sentences import facts
from oppcli.policy.hook_sentences import hooks
from oppcli.policy.quote_keys import QUOTE
from oppcli.policy.relation_sentences import RelationSentences
from oppcli.policy.remind_sentences import reminders
from oppcli.policy.report_sentences import reports
from oppcli.tuples import NamedTuple
from oppcli.words.named import understood
from oppcli.words.spelling import did_you_mean


class Section(NamedTuple):
    """What is said about one thing."""

    about: str
    """stages, type quote, people, calendar cn."""
    heading: str
    sentences: tuple[str, ...]


def explain(policy: Policy, only: str | None = None) -> tuple[Section, ...]:
    """Every section, or that of one type of request."""
    said = RelationSentences(policy)
    if only is not None:
        return (_type(said, only),)
    return (
        Section("policy", policy.name, said.head()),
        Section("stages", say("Stages"), said.stages()),
        *(Section(*each) for each in said.relations()),
        *(_type(said, name) for name in policy.types),
        Section("people", say("People"), said.people_apart()),
        *([Section("quote", say("Quotes"), tuple(said.keys(QUOTE, policy.quote)))] if policy.quote is not None else ()),
        *([Section("facts", say("Facts of customers"), facts(policy))] if policy.facts else ()),
        *([Section("remind", say("Reminders"), tuple(reminders(said)))] if policy.remind is not None else ()),
        *([Section("hook", say("Hooks"), hooks(policy))] if policy.hooks else ()),
        *([Section("contract", say("Contracts"), contract(said))] if policy.contract is not None else ()),
        *([Section("reports", say("Reports"), told)] if (told := tuple(reports(said))) else ()),
        *([Section("duplicates", say("Duplicates"), duplicates(said))] if policy.duplicates else ()),
        *(Section(f"calendar {c.name}", said.hours_of(c), said.calendar(c)) for c in policy.calendars.values()),
    )


def prose(sections: tuple[Section, ...]) -> str:
    """The sections as text: a heading, then a line per sentence."""
    parts = (
        listed([section.heading, *(say("  {line}", line=line) for line in section.sentences)], "\n")
        for section in sections
    )
    return listed(parts, "\n\n")


def _type(said: RelationSentences, name: str) -> Section:
    known = said.policy.types
    meant = understood(name, known, lambda each: (known[each].title,))
    if meant is None:
        hint = say("the types are {known}", known=listed(known)) if known else say("the policy has no types of request")
        raise NotFound(
            say("no such type of request: {name}{nearest}", name=name, nearest=did_you_mean(name, known)),
            hint=hint,
        )
    name, rule = meant, known[meant]
    heading = name if rule.title == name else say("{title} ({name})", title=rule.title, name=name)
    return Section(f"type {name}", heading, said.type_rule(rule))
