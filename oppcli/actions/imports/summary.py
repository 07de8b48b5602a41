"""What an import says of itself when it is done."""

from collections.abc import Sequence
from pathlib import Path

from oppcli.actions.outcome import Outcome
from oppcli.errors import PartlyDone
from oppcli.files.joining import partnerless
from oppcli.files.mapping_keys import COSTS, JUDGEMENTS, POINTS, RATES, RECORDS, TARGETS
from oppcli.files.sheets import Sheet
from oppcli.files.tally import Tally
from oppcli.model.command import Command, command
from oppcli.model.nouns import BY_WORD
from oppcli.model.said import Word, listed, say

SHOWN_LINES = 3
"""Lines of totals or of a footer that are named."""


def _lines(numbers: Sequence[int]) -> str:
    """The first of them by name."""
    lines = [say("line {line:,}", line=line) for line in numbers[:SHOWN_LINES]]
    return listed([*lines, "…"] if len(numbers) > SHOWN_LINES else lines)


def outcome(tally: Tally, sheet: Sheet, kind: str, *, dry_run: bool) -> Outcome:
    """The counts: the answer of the command. Code 9 where rows were rejected."""
    would = say("would be ") if dry_run else ""
    lines: list[str] = [_counts(tally, sheet, kind, dry_run=dry_run)]
    made = [
        say("{n:,} {n:person|people}", n=tally.people),
        say("{n:,} {n:customer|customers}", n=tally.customers),
    ]
    if tally.deals:
        made.insert(0, say("{n:,} {n:deal|deals}", n=tally.deals))
    if tally.people or tally.customers or tally.deals:
        lines.append(say("{made} and {made2} {would}added", made=listed(made[:-1]), made2=made[-1], would=would))
    lines += _of_cases(tally, would)
    lines += _of_rows(tally, kind, would)
    return Outcome(
        done=() if dry_run else tuple(lines),
        details=tuple(lines) if dry_run else (),  # they say themselves what would be
        next=_next(tally, kind) if tally.created else (),
        code=PartlyDone.code if tally.rejected else 0,
    )


def _next(tally: Tally, kind: str) -> tuple[Command, ...]:
    """What to look at; of people who came with the file nobody knows more than their names."""
    came = command("user", "list", why=say("who came with it: no manager, perhaps no address yet"))
    return (NEXT[kind], came) if tally.people and kind != "users" else (NEXT[kind],)


def _of_rows(tally: Tally, kind: str, would: str) -> list[str]:
    """What became of rows that were neither made nor brought up to date, or not as a whole."""
    lines: list[str] = []
    if tally.reasons:
        lines.append(
            say(
                "{reasons:,} {reasons:reason|reasons} for closing {would}left out of deals that are open",
                reasons=tally.reasons,
                would=would,
            )
        )
    if tally.proposed:
        way = command("proposal", "list")
        lines.append(
            say("{n:,} {would}proposed, to be reviewed: {command}", n=tally.proposed, would=would, command=way)
        )
    if tally.absent:
        lines.append(say("{n:,} {n:row|rows} left out: the deals are not here", n=tally.absent))
    if tally.kept:
        lines.append(
            say(
                "{kept:,} {what} {would}left as people changed them since the last import",
                kept=tally.kept,
                what=_called(kind, tally.kept),
                would=would,
            )
        )
    return lines


def _called(kind: str, count: int) -> Word:
    """What rows of this kind are called, one of them or several."""
    word = RECORDS.get(kind, "deal")
    return Word("noun", word) if count == 1 else Word("plural", BY_WORD[word].plural)


def _counts(tally: Tally, sheet: Sheet, kind: str, *, dry_run: bool) -> str:
    figures = {"created": tally.created, "updated": tally.updated, "unchanged": tally.unchanged}
    counts = (
        say("{created:,} to create, {updated:,} to update, {unchanged:,} unchanged", **figures)
        if dry_run
        else say("{created:,} created, {updated:,} updated, {unchanged:,} unchanged", **figures)
    )
    rejected = say("{n:,} rejected", n=tally.rejected)
    if kind == "requests":
        counts = say("requests: {counts}", counts=counts)
        rejected = say("{n:,} {n:row|rows} rejected", n=tally.rejected)
    return say(
        "{rows:,} {rows:row|rows} from {name}: {counts}, {rejected}",
        rows=tally.rows,
        name=sheet.name,
        counts=counts,
        rejected=rejected,
    )


NEXT = {
    "deals": command("report", "funnel"),
    "users": command("user", "list"),
    "requests": command("report", "turnaround"),
    "visits": command("report", "durations"),
    "customers": command("export", "customers"),
    "contacts": command("export", "contacts"),
    "activities": command("export", "activities"),
    "tasks": command("export", "tasks"),
    RATES: command("rate", "list"),
    TARGETS: command("target", "list"),
    COSTS: command("cost", "list"),
    JUDGEMENTS: command("forecast", "adjustments"),
    POINTS: command("points", "list"),
    "prices": command("price", "list"),
    "payments": command("payment", "list"),
    "facts": command("fact", "list"),
}


def _of_cases(tally: Tally, would: str) -> list[str]:
    """Cases of a log that are told otherwise than the log tells them."""
    found: list[str] = []
    if tally.followed:
        found.append(
            say("{followed:,} {followed:deal|deals} {would}changed with them", followed=tally.followed, would=would)
        )
    if tally.unended:
        found.append(
            say(
                "{unended:,} {unended:request|requests} without an end {would}imported as cancelled",
                unended=tally.unended,
                would=would,
            )
        )
    if tally.left_out:
        found.append(
            say(
                "{left_out:,} {left_out:case|cases} {would}left out: nothing was submitted",
                left_out=tally.left_out,
                would=would,
            )
        )
    return found


def notices(tally: Tally, sheet: Sheet, unused: list[str], rejects: Path | None) -> list[str]:
    """What a person should know besides: how the file was read, columns nobody asked for, what was rejected and why."""
    found: list[str] = []
    if sheet.described:
        found.append(say("{name} was read as {described}", name=sheet.name, described=sheet.described))
    if unused:
        found.append(say("columns not used: {unused}", unused=listed(unused)))
    found += [say("{column}: {said}", column=column, said=said) for column, said in tally.told.items()]
    if sheet.repeated:
        found.append(say("{n:,} repeated {n:header|headers} skipped", n=sheet.repeated))
    if tally.totals:
        told = _lines(tally.totals)
        found.append(say("{n:,} {n:line|lines} of totals skipped: {lines}", n=len(tally.totals), lines=told))
    if sheet.footer:
        told = _lines(sheet.footer)
        found.append(say("{n:,} {n:line|lines} of a footer skipped: {lines}", n=len(sheet.footer), lines=told))
    found += partnerless(sheet)
    found += tally.kinds.lines()
    if tally.rejected and rejects is not None:
        found.append(say("rejected rows are in {rejects}: correct them there and import that file", rejects=rejects))
    return found
