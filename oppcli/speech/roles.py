"""Which role is meant by a name, or by a title in either language."""

from collections.abc import Callable

from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.policy import Policy


def role_meant(text: str, policy: Policy) -> str:
    """The name of the role that is called or titled so; the text itself where there is none. Refused (`Ambiguous`)
    where there are several."""
    known = known_roles(policy)
    if text in known:
        return text
    from oppcli.words.named import understood

    return understood(text, known, titles_of_roles(policy)) or text


def known_roles(policy: Policy) -> tuple[str, ...]:
    """The names of every role: built-in ones, then the policy's."""
    return (*BUILT_IN_ROLES, *policy.roles)


def titles_of_roles(policy: Policy) -> Callable[[str], tuple[str | None, ...]]:
    """What the team and the languages call a role."""
    from oppcli.speech.titles import told

    return lambda role: (policy.role_titles.get(role), *told("role")(role))
