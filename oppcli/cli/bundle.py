"""`opp export D-1 -O FILE.zip`: all there is of a deal in one file that can be read without the program.

The same state gives the same bytes: nothing in it tells when, by whom or by what it was made.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.nouns import BY_WORD, PREFIXES
from oppcli.model.refs import ref
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor
    from oppcli.store.objects import Object

app = typer.Typer()
SINGLE = True
CHILDREN = ("visits", "contacts", "team", "rivals", "tenures")
"""Parts of a deal with a CSV of their own."""
INSTANTS = ("at", "entered_at", "left_at", "began_at", "ended_at", "recorded_at", "due_at", "promised_at", "late_at")


@app.command()
@writes
def bundle(
    opp: Context,
    deal: options.DealRef,
    out: Annotated[str, typer.Option("--out", "-O", metavar="FILE.zip", help="the file", show_default=False)],
) -> Outcome:
    """A deal in one file for the archive: a page, its data, tables, attached files, the journal and their checksums.

    opp export D-142 -O D-142.zip
    """
    from oppcli.actions import find

    if Path(out).suffix.lower() != ".zip":
        raise UsageError(say("{file}: a bundle is a .zip", file=out), hint=command("export", deal, "-O", f"{deal}.zip"))
    with opp.read() as door:
        found = find.deal(door, deal)
        _require_whole(opp, found)
        held, lacking = contents(opp, door, found)
    if opp.sight is not None:
        _note(opp, found, out)
    if not opp.dry_run:
        written(Path(out), held, opp.db)
    name = ref("deal", found.id)
    told = (say("not there any more, or changed: {files}", files=listed(lacking)),) if lacking else ()
    done = say("{name} {title} in {file}: {n:,} {n:file|files}", name=name, title=found.title, file=out, n=len(held))
    return Outcome(done=(done,), ids=(out,), details=told)


def _require_whole(opp: Context, deal: Deal) -> None:
    """Refuse who may not take data out, and who has not every field of it."""
    from oppcli.rules.scopes import require_export

    require_export(opp.sight, ("deal", str(deal.id)))
    if opp.sight is not None and (opp.sight.hidden or opp.sight.masked):
        hidden = listed((*opp.sight.hidden, *opp.sight.masked))
        raise NotAllowed(say("a bundle is whole, and you do not have {fields}", fields=hidden))


def _note(opp: Context, deal: Deal, out: str) -> None:
    """Under a scope an entry tells what was taken out."""
    with opp.write("export") as door:
        door.note("export", "export", "bundle", {"deal": ref("deal", deal.id), "file": out})


def contents(opp: Context, door: "ReadDoor", deal: Deal) -> tuple[dict[str, bytes], list[str]]:
    """(Name in the bundle → bytes, the attached files that are not what was attached)."""
    from oppcli.reads.bundle import entries, records

    found = records(door, deal)
    attached, lacking = _attached(found.get("files", []))
    for file in found.get("files", []):
        file["in"] = next((name for name in attached if name.startswith(f"files/{ref('file', file['id'])} ")), None)
    held = {
        "data.json": _json(found),
        "journal.jsonl": b"".join(_line(entry) for entry in entries(door, found)),
        "index.html": _page(opp, deal, found),
        **{f"{name}.csv": _csv(rows) for name, rows in _tables(found).items()},
        **attached,
    }
    held["SHA256SUMS"] = _sums(held)
    return held, lacking


def _attached(files: Sequence["Object"]) -> tuple[dict[str, bytes], list[str]]:
    from hashlib import sha256

    held: dict[str, bytes] = {}
    lacking = []
    for file in files:
        safe = "".join("_" if each in '/\\:*?"<>|' or ord(each) < 32 else each for each in file["name"])
        try:
            data = Path(file["path"]).read_bytes()
        except OSError:
            data = None
        if data is None or sha256(data).hexdigest() != file["sha256"]:
            lacking.append(f"{ref('file', file['id'])} {file['name']}")
        else:
            held[f"files/{ref('file', file['id'])} {safe}"] = data
    return held, lacking


def _tables(found: Mapping[str, Sequence["Object"]]) -> dict[str, list[Mapping[str, Any]]]:
    """Name → rows, of each kind of record and of the parts of the deal."""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for name, rows in found.items():
        tables[name] = [_shown(thing) for thing in rows]
    (deal,) = found["deals"]
    for part in CHILDREN:
        if deal.get(part):
            tables[f"deal_{part}"] = [_shown(each, deal["currency"]) for each in deal[part]]
    return tables


def _shown(thing: Mapping[str, Any], currency: str = "CNY") -> dict[str, Any]:
    """Instants as ISO, money in whole units, per cents as such, references by their prefix; parts are left to their own
    table."""
    from decimal import Decimal

    from oppcli.model.money import to_major
    from oppcli.words.shown import iso

    told: dict[str, Any] = {}
    for name, value in thing.items():
        word = str(thing.get("record", "")) if name == "id" else name.removesuffix("_id")
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            continue
        if isinstance(value, int) and (name == "id" or name.endswith("_id")) and word in BY_WORD and word in PREFIXES:
            told[name] = ref(word, value)
        elif isinstance(value, int) and name in ("amount", "price"):
            told[name] = str(to_major(value, str(thing.get("currency") or currency)))
        elif isinstance(value, int) and name in ("discount", "margin"):
            told[name] = str(Decimal(value).scaleb(-4).normalize())
        elif isinstance(value, int) and (name in INSTANTS or name.endswith("_at")):
            told[name] = iso(value)
        else:
            told[name] = value
    return told


def _page(opp: Context, deal: Deal, found: Mapping[str, Sequence["Object"]]) -> bytes:
    from oppcli.render.bundle_page import page

    tables = _tables(found)
    (shown,) = tables.pop("deals")
    title = f"{ref('deal', deal.id)} {deal.title}"
    names = {f"deal_{part}": part for part in CHILDREN}
    sections = [(names.get(name, name), rows) for name, rows in tables.items()]
    return page(title, shown, sections, opp.spoken).encode()


def _json(found: Any) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _line(entry: Any) -> bytes:
    return (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """RFC 4180 in UTF-8; lists and objects as JSON in their cell."""
    import csv
    from io import StringIO

    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_text(row.get(name)) for name in names])
    return stream.getvalue().encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, (dict, list)) else str(value)


def _sums(held: Mapping[str, bytes]) -> bytes:
    from hashlib import sha256

    return "".join(f"{sha256(held[name]).hexdigest()}  {name}\n" for name in sorted(held)).encode()


def written(target: Path, held: Mapping[str, bytes], db: str) -> None:
    """The file, whole: written beside and renamed over. Every member has one date and one mode."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    from oppcli.cli.filed import beside

    with beside(str(target), db) as spare, ZipFile(spare, "w", ZIP_DEFLATED) as archive:
        for name in _order(held):
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr, member.compress_type = 0o644 << 16, ZIP_DEFLATED
            member.create_system = 3
            archive.writestr(member, held[name], compresslevel=6)


def _order(held: Iterable[str]) -> list[str]:
    """The page first: whoever opens the file finds it."""
    return sorted(held, key=lambda name: (name != "index.html", name))
