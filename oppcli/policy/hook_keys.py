"""The keys of `[[hook]]`: programs that are asked before something is committed. Read where a policy has one."""

from typing import Any

from oppcli.errors import UsageError
from oppcli.model.hooking import LONGEST_MS, REFUSE, WARN, Hook
from oppcli.model.said import say
from oppcli.policy.kinds import CONDITION, TEXT, TEXTS, Key, Kind, keys
from oppcli.policy.notation import Misread
from oppcli.toml import shape
from oppcli.toml.shape import quoted
from oppcli.words import spans


def timeout(value: Any) -> int:
    """Milliseconds of `"5s"`. Refuses (P020) anything else, and more than half a minute."""
    try:
        found = spans.parse(value) if isinstance(value, str) else 0
    except UsageError:
        found = 0
    if not 0 < found <= LONGEST_MS:
        said = say("{value}: a span of at most {most} s, such as '5s'", value=quoted(value), most=LONGEST_MS // 1000)
        raise Misread("P020", said)
    return found


HOOK = keys(
    Hook,
    Key("name", TEXT, "under which its command stands in the configuration (`[hook.NAME]`)", required=True),
    Key("on", TEXTS, "what it is asked of, as in the journal: `deal.win`, `request.submit`, `quote.*`", required=True),
    Key("when", CONDITION, "the deals it is asked of", default='`"always"`'),
    Key(
        name="fail",
        kind=TEXT,
        means="where it cannot be asked, or gives no answer: `refuse` or `warn`",
        among=(REFUSE, WARN),
    ),
    Key(
        name="timeout",
        kind=Kind("seconds", shape.TEXT, timeout),
        means="how long it may take, at most `30s`",
        default='`"5s"`',
        into=("timeout_ms",),
    ),
)
