"""What a letter that can be answered tells of its request: where it stands, questions, conditions, figures."""

from typing import TYPE_CHECKING

from oppcli.actions.act import Look
from oppcli.cli.request.pack import pack
from oppcli.cli.request.sections import SHORT, titled
from oppcli.model.people import User
from oppcli.render.card import block_lines
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.speech import Voice, spoken

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.store.doors import WriteDoor


def brief(policy: "Policy", door: "WriteDoor", login: str, name: str, lang: str) -> str:
    """The sections of an opened mail, as this person is told them. Who is asked sees what was shown, hidden or not."""
    zone = door.get(User, login).zone or policy.hours().timezone
    look = Look(door, login, rules=lambda _: policy, now=door.at, zone=zone)
    found = pack(look, look, name, brief=True)
    out = Output(tz=zone, now=door.at, voice=Voice(lang=lang))
    lines = [harmless(spoken(titled(found.request, found.headline), out.voice))]
    for section in found.sections:
        if section.name in SHORT:
            lines += block_lines(section.block, out)
    return "\n".join(lines)
