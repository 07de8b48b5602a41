"""The policy in plain sentences: what a sales director reads before it is applied."""

from collections.abc import Iterator

from oppcli.errors import NotFound
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.policy import table_sentences as told
from oppcli.policy.relation_sentences import RelationSentences
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
        *_tables(said),
        *(Section(f"calendar {c.name}", said.hours_of(c), said.calendar(c)) for c in policy.calendars.values()),
    )


def _tables(said: RelationSentences) -> Iterator[Section]:
    """Of the tables that are told by themselves those that the policy has."""
    policy = said.policy
    for about, heading, there, sentences in (
        ("quote", say("Quotes"), policy.quote, told.quotes),
        ("facts", say("Facts of customers"), policy.facts, told.facts),
        ("remind", say("Reminders"), policy.remind, told.reminders),
        ("hook", say("Hooks"), policy.hooks, told.hooks),
        ("contract", say("Contracts"), policy.contract, told.contract),
        ("reports", say("Reports"), any(told.reports(said)), told.reports),
        ("duplicates", say("Duplicates"), policy.duplicates, told.duplicates),
    ):
        if there:
            yield Section(about, heading, tuple(sentences(said)))


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
