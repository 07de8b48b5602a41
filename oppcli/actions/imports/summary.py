"""What an import says of itself when it is done."""

from pathlib import Path

from oppcli.actions.outcome import Outcome
from oppcli.errors import PartlyDone
from oppcli.files.sheets import Sheet
from oppcli.files.tally import Tally
from oppcli.model.command import command
from oppcli.model.said import say


def outcome(tally: Tally, sheet: Sheet, kind: str, *, dry_run: bool) -> Outcome:
    """The counts: the answer of the command. Code 9 where rows were rejected."""
    done, would = (("created", "updated"), "") if not dry_run else (("to create", "to update"), "would be ")
    counts = f"{tally.created:,} {done[0]}, {tally.updated:,} {done[1]}, {tally.unchanged:,} unchanged"
    rejected = f"{tally.rejected:,} rejected"
    if kind == "requests":
        counts, rejected = f"requests: {counts}", f"{counted(tally.rejected, 'row')} rejected"
    lines = [f"{counted(tally.rows, 'row')} from {sheet.name}: {counts}, {rejected}"]
    made = [counted(tally.people, "person", "people"), counted(tally.customers, "customer")]
    if tally.deals:
        made.insert(0, counted(tally.deals, "deal"))
    if tally.people or tally.customers or tally.deals:
        lines.append(f"{', '.join(made[:-1])} and {made[-1]} {would}added")
    lines += _of_cases(tally, would)
    if tally.reasons:
        lines.append(f"{counted(tally.reasons, 'reason')} for closing {would}left out of deals that are open")
    if tally.kept:
        lines.append(f"{counted(tally.kept, 'deal')} {would}left as people changed them since the last import")
    return Outcome(
        done=tuple(lines),
        next=(NEXT[kind],) if tally.created else (),
        code=PartlyDone.code if tally.rejected else 0,
    )


NEXT = {
    "deals": command("report", "funnel"),
    "users": command("user", "list"),
    "requests": command("report", "turnaround"),
}


def _of_cases(tally: Tally, would: str) -> list[str]:
    """Cases of a log that are told otherwise than the log tells them."""
    found = []
    if tally.followed:
        found.append(f"{counted(tally.followed, 'deal')} {would}changed with them")
    if tally.unended:
        found.append(f"{counted(tally.unended, 'request')} without an end {would}imported as cancelled")
    if tally.left_out:
        found.append(f"{counted(tally.left_out, 'case')} {would}left out: nothing was submitted")
    return found


def notices(tally: Tally, sheet: Sheet, unused: list[str], rejects: Path | None) -> list[str]:
    """What a person should know besides: how the file was read, columns nobody asked for, what was rejected and why."""
    found = []
    if sheet.described:
        found.append(f"{sheet.name} was read as {sheet.described}")
    if unused:
        found.append(f"columns not used: {', '.join(unused)}")
    found += [say("{column}: {said}", column=column, said=said) for column, said in tally.told.items()]
    found += tally.kinds.lines()
    if tally.rejected and rejects is not None:
        found.append(f"rejected rows are in {rejects}: correct them there and import that file")
    return found


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 row`, `8,800 rows`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
