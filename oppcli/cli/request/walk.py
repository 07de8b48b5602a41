"""`opp approve`, `reject`, `return` without a request: through the inbox, card by card."""

import sys
from typing import TYPE_CHECKING

from oppcli.cli import ask, showing
from oppcli.cli.output import answer
from oppcli.cli.request import options
from oppcli.cli.request.reading import inbox, show
from oppcli.errors import OppError, PartlyDone, Unchosen
from oppcli.model.command import Command, command
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from oppcli.actions.outcome import Outcome
    from oppcli.cli.context import Context

    Decide = Callable[[str, str, str | None, int, str | None], Outcome]
    """Does a verdict on a request for a reason, at the revision that was shown; last its name, where it has one."""

SKIP, QUIT = "skip", "quit"
ANSWERS = {"a": "approve", "r": "reject", "t": "return", "s": SKIP, "q": QUIT}
QUESTION = say("[a]pprove [r]eject re[t]urn [s]kip [q]uit: ")
WORDS = {
    "approve": say("approve"),
    "reject": say("reject"),
    "return": say("return"),
    SKIP: say("skip"),
    QUIT: say("quit"),
}


class Shown(NamedTuple):
    """A request as its card tells it."""

    ref: str
    revision: int
    card: str


def walk(opp: "Context", message: str | None, decide: "Decide") -> int:
    """Each request that waits for this person, with what they decide on the revision they see. 9 where a decision was
    refused: that is told, and the next card follows."""
    waiting = [row[0] for row in inbox(opp).rows]
    if not waiting:
        opp.say(say("nothing waits for {login}", login=opp.actor))
    typed: list[Command] = []
    refused = 0
    for place, ref in enumerate(waiting, 1):
        card = _shown(opp, ref)
        print(f"\n{card.card.rstrip()}\n", file=sys.stderr)  # noqa: T201
        verdict = _answer(opp, place, len(waiting))
        if verdict == QUIT:
            break
        if verdict != SKIP:
            refused += not _decided(opp, card, verdict, message, decide, typed)
    for line in typed:
        opp.say(say("without questions: {line}", line=line))
    return PartlyDone.code if refused else 0


def _shown(opp: "Context", ref: str) -> Shown:
    table = show(opp, ref)
    row = dict(zip((column.name for column in table.columns), next(iter(table.rows)), strict=True))
    return Shown(ref, int(row["revision"]), showing.page(table, opp, terminal=sys.stderr.isatty()))


def _answer(opp: "Context", place: int, all: int) -> str:
    words = [(letter, opp.spoken(WORDS[verdict])) for letter, verdict in ANSWERS.items()]
    words += list(ANSWERS.items())
    asked = say("{n} of {all}  {question}", n=place, all=all, question=QUESTION)
    return ANSWERS[ask.key(opp, asked, words)]


def _decided(
    opp: "Context", card: Shown, verdict: str, message: str | None, decide: "Decide", typed: list[Command]
) -> bool:
    """Whether it was decided. What was refused is told."""
    reason = message
    if verdict != "approve" and not reason:
        question = say("why is it rejected") if verdict == "reject" else say("what is to be answered")
        reason = ask.text(opp, question, needed=True)
    code = None
    try:
        try:
            answer(opp, decide(card.ref, verdict, reason, card.revision, None))
        except Unchosen as several:
            code = ask.choice(opp, several.message, [each.what for each in several.reasons])
            answer(opp, decide(card.ref, verdict, reason, card.revision, code))
    except OppError as error:
        from oppcli.cli import failure

        failure.refused(error, [], opp)
        return False
    why = (*(("--reason", code) if code else ()), *(("-m", reason) if reason else ()))
    typed.append(command(*options.typed(verdict), card.ref, "--rev", str(card.revision), *why))
    return True
