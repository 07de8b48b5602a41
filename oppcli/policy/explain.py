"""The policy in plain sentences, in English or Chinese: what a sales director reads before it is applied."""

from oppcli.errors import NotFound, UsageError
from oppcli.model.policy import Policy
from oppcli.model.said import LANGUAGES, listed, say
from oppcli.policy.sentences import Sentences
from oppcli.policy.vocabulary import ENGLISH, Vocabulary
from oppcli.tuples import NamedTuple
from oppcli.words.named import understood
from oppcli.words.spelling import did_you_mean


class Section(NamedTuple):
    """What is said about one thing."""

    about: str
    """stages, type quote, people, calendar cn."""
    heading: str
    sentences: tuple[str, ...]


def language_of(policy: Policy) -> str:
    """`zh` for a policy whose stages have Chinese names, else `en`."""
    return "zh" if any("一" <= letter <= "鿿" for stage in policy.stages for letter in stage.name) else "en"


def explain(policy: Policy, lang: str | None = None, only: str | None = None) -> tuple[Section, ...]:
    """Every section, or that of one type of request. Without a language, the one its stages are named in. Refuses
    another language than there is."""
    lang = lang or language_of(policy)
    if lang not in LANGUAGES:
        raise UsageError(
            say("no such language: {lang}", lang=lang), hint=say("one of {languages}", languages=" ".join(LANGUAGES))
        )
    said = Sentences(policy, _vocabulary(lang))
    if only is not None:
        return (_type(said, only),)
    return (
        Section("policy", policy.name, said.head()),
        Section("stages", said.say("Stages"), said.stages()),
        *(_type(said, name) for name in policy.types),
        Section("people", said.say("People"), said.people_apart()),
        *(Section(f"calendar {c.name}", said.hours_of(c), said.calendar(c)) for c in policy.calendars.values()),
    )


def prose(sections: tuple[Section, ...]) -> str:
    """The sections as text: a heading, then a line per sentence."""
    parts = ["\n".join([section.heading, *(f"  {line}" for line in section.sentences)]) for section in sections]
    return "\n\n".join(parts) + "\n"


def _vocabulary(lang: str) -> Vocabulary:
    if lang == "zh":
        from oppcli.policy.chinese import CHINESE

        return CHINESE
    return ENGLISH


def _type(said: Sentences, name: str) -> Section:
    known = said.policy.types
    meant = understood(name, known, lambda each: (known[each].title,))
    if meant is None:
        hint = say("the types are {known}", known=listed(known)) if known else say("the policy has no types of request")
        raise NotFound(
            say("no such type of request: {name}{did_you_mean}", name=name, did_you_mean=did_you_mean(name, known)),
            hint=hint,
        )
    name, rule = meant, known[meant]
    heading = name if rule.title == name else say("{title} ({name})", title=rule.title, name=name)
    return Section(f"type {name}", heading, said.type_rule(rule))
