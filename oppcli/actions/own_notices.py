"""One's own notices: said to be read, and kinds of them that one is not told."""

from collections.abc import Sequence

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.notices import NOTICE_KINDS, Notice
from oppcli.model.noun import replace
from oppcli.model.said import Word, listed, say
from oppcli.speech import titles
from oppcli.speech.codes import CODES
from oppcli.words.named import understood
from oppcli.words.spelling import nearest

NEVER = ("code",)
"""What everybody is told: without the code for their PIN they could not set it."""


def read(act: Act, numbers: Sequence[int]) -> Outcome:
    """These notices of one's own read, or all of them. Refused for a number that is none of one's own."""
    mine = act.door.find(Notice, to=act.me.login, read_at=None)
    if numbers:
        known = {each.id for each in act.door.find(Notice, to=act.by, id=list(numbers))}
        missing = [number for number in numbers if number not in known]
        if missing:
            raise NotFound(
                say("you have no notice {numbers}", numbers=listed(map(str, missing))),
                hint=command("notices", "list", "--mine"),
            )
        mine = [each for each in mine if each.id in set(numbers)]
    act.door.save_many(((each, replace(each, read_at=act.now)) for each in mine), action="read", meta=None)
    return Outcome(done=(say("{n} {n:notice|notices} read", n=len(mine)),), ids=tuple(str(each.id) for each in mine))


def mute(act: Act, kind: str, *, off: bool) -> Outcome:
    """One is not told any more of a kind of notices, or is again. Refused for a kind there is not."""
    known = [each for each in dict.fromkeys((*NOTICE_KINDS, *CODES["notice"])) if each not in NEVER]
    found = understood(kind, known, titles.told("notice"))
    if found is None:
        raise UsageError(
            say("no such kind: {name}{nearest}", name=kind, nearest=nearest(kind, known)),
            hint=say("one of {words}", words=listed(Word("notice", each) for each in known)),
        )
    me = act.me
    muted = tuple(each for each in me.muted if each != found)
    after = replace(me, muted=muted if off else (*muted, found))
    act.door.save(me, after)
    word = Word("notice", found)
    said = say("you are not told of {kind} any more", kind=word)
    if off:
        said = say("you are told of {kind} again", kind=word)
    return Outcome(done=(said,), ids=(act.by,))
