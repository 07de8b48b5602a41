"""The sentences of `[duplicates]`: what each rule takes for one, and what is done about it at the keyboard."""

from oppcli.model.command import command
from oppcli.model.duplicates import ALLOW, BLOCK, CLI, FLAG, WARN, DuplicateRule
from oppcli.model.said import label, say
from oppcli.policy import phrases
from oppcli.policy.sentences import Sentences

DEAL = "deal"
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


def duplicates(said: Sentences) -> tuple[str, ...]:
    """A sentence for each rule; none where the policy has no such table."""
    table = said.policy.duplicates
    return tuple(
        _ANSWERED[table.answer(rule, CLI)].filled(
            name=rule.name, nouns=_ALIKE[rule.of], what=_what(said, rule), dupes=command("dupes", "list")
        )
        for rule in (table.rules if table else ())
    )


def _what(said: Sentences, rule: DuplicateRule) -> str:
    """`the same phone and name alike by 50 %`."""

    def called(field: str) -> str:
        return said.clauses.field(field) if rule.of == DEAL else label(field.replace("_", " "))

    same = [say("the same {field}", field=called(field)) for field in rule.same]
    like = [say("{field} alike by {least} %", field=called(field), least=least) for field, least in rule.like.items()]
    return phrases.both((*same, *like))
