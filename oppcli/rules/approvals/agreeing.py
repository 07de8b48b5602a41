"""A yes with which more comes: terms, who decides next, files."""

from collections.abc import Mapping

from oppcli.rules.approvals import choosing, foreseeing
from oppcli.rules.approvals.authority import Chance
from oppcli.rules.approvals.recording import record
from oppcli.rules.approvals.terms import NOTHING_ASKED, Asked, attached, require_terms
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World


def agreed(
    live: Transition,
    world: World,
    chance: Chance,
    actor: str,
    *,
    reason: str | None,
    terms: Asked | None,
    choice: choosing.Choice,
    files: Mapping[str, str],
) -> Transition:
    """The yes recorded with all of it; nothing is evaluated yet. Refused for terms, people and steps that cannot be."""
    asked = terms or NOTHING_ASKED
    require_terms(live.request, world, asked)
    live = live._replace(request=choosing.chosen(live.request, world, choice))
    given = tuple(f"{kind} {digest}" for kind, digest in files.items())
    done = live.then(record(live.request, world, chance, actor, "approve", reason=reason, files=given))
    done = done.then(foreseeing.brought(done.request, world, files))
    return done.then(attached(done.request, world, done.request.decisions[-1], asked))
