"""The policy in plain sentences, in English or Chinese: what a sales director reads before it is applied."""

from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

from oppcli.errors import NotFound, UsageError
from oppcli.model.policy import Condition, Policy
from oppcli.policy import LANGUAGES
from oppcli.rules import conditions, fields
from oppcli.rules.sentences import title_of
from oppcli.words.spelling import did_you_mean


class Section(NamedTuple):
    """What is said about one thing."""

    about: str
    """stages, type quote, people, calendar cn."""
    heading: str
    sentences: tuple[str, ...]


class Speech:
    """The names that a policy's sentences use: fields by their titles, conditions as sentences."""

    def __init__(self, policy: Policy, lang: str) -> None:
        self.policy = policy
        self.lang = lang
        self.titles: Mapping[str, str] = {name: rule.title for name, rule in policy.fields.items() if rule.title}
        self._kinds = fields.field_kinds(policy)

    def condition(self, condition: Condition) -> str:
        return conditions.sentence(condition, self.lang, titles=self.titles, kinds=self._kinds)

    def field(self, name: str) -> str:
        return title_of(name, self.lang, self.titles)

    def type(self, name: str) -> str:
        return self.policy.types[name].title


def language_of(policy: Policy) -> str:
    """`zh` for a policy whose stages have Chinese names, else `en`."""
    return "zh" if any("一" <= letter <= "鿿" for stage in policy.stages for letter in stage.name) else "en"


def explain(policy: Policy, lang: str | None = None, only: str | None = None) -> tuple[Section, ...]:
    """Every section, or that of one type of request. Without a language, the one its stages are named in."""
    lang = lang or language_of(policy)
    if lang not in LANGUAGES:
        raise UsageError(f"no such language: {lang}", hint=f"one of {' '.join(LANGUAGES)}")
    speech, words = Speech(policy, lang), _words(lang)
    if only is not None:
        return (_type(speech, words, only),)
    return (
        Section("policy", policy.name, words.head(speech)),
        Section("stages", words.STAGES, words.stages(speech)),
        *(_type(speech, words, name) for name in policy.types),
        Section("people", words.PEOPLE, words.people(speech)),
        *(Section(f"calendar {c.name}", words.hours_of(c), words.calendar(c)) for c in policy.calendars.values()),
    )


def prose(sections: tuple[Section, ...]) -> str:
    """The sections as text: a heading, then a line per sentence."""
    parts = ["\n".join([section.heading, *(f"  {line}" for line in section.sentences)]) for section in sections]
    return "\n\n".join(parts) + "\n"


def _words(lang: str) -> ModuleType:
    if lang == "zh":
        from oppcli.policy import chinese

        return chinese
    from oppcli.policy import english

    return english


def _type(speech: Speech, words: ModuleType, name: str) -> Section:
    rule = speech.policy.types.get(name)
    if rule is None:
        known = speech.policy.types
        hint = f"the types are {', '.join(known)}" if known else "the policy has no types of request"
        raise NotFound(f"no such type of request: {name}{did_you_mean(name, known)}", hint=hint)
    heading = name if rule.title == name else f"{rule.title} ({name})"
    return Section(f"type {name}", heading, words.type_rule(speech, rule))
