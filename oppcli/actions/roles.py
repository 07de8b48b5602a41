"""Which role is meant by a name, or by a title in either language."""

from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.policy import Policy


def role_meant(text: str, policy: Policy) -> str:
    """The name of the role that is called or titled so; the text itself where there is none. Refused (`Ambiguous`)
    where there are several."""
    known = (*BUILT_IN_ROLES, *policy.roles)
    if text in known:
        return text
    from oppcli.speech.titles import told
    from oppcli.words.named import understood

    return understood(text, known, lambda role: (policy.role_titles.get(role), *told("role")(role))) or text
