"""What the machine and the installation are like: versions, settings, zone, clock, terminal, completion."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from oppcli import __version__, config
from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, fail, ok, warn
from oppcli.config.files import skipped
from oppcli.config.machine import at_home, state_folder
from oppcli.errors import OppError
from oppcli.model.command import command
from oppcli.model.said import listed, say
from oppcli.store.modes import chmod

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000
"""A clock before this program was written is wrong."""
COMPLETIONS = {
    "bash": (
        "~/.local/share/bash-completion/completions/opp",
        "/usr/local/share/bash-completion/completions/opp",
        "/usr/share/bash-completion/completions/opp",
    ),
    "zsh": ("~/.zfunc/_opp", "/usr/share/zsh/site-functions/_opp", "/usr/local/share/zsh/site-functions/_opp"),
    "fish": (
        "~/.config/fish/completions/opp.fish",
        "~/.local/share/fish/vendor_completions.d/opp.fish",
        "/usr/local/share/fish/vendor_completions.d/opp.fish",
        "/usr/share/fish/vendor_completions.d/opp.fish",
    ),
}
"""Where each shell looks of its own accord."""


def examine(opp: Context) -> Iterator[Finding]:
    """Every check, the settings first: the others need them."""
    yield settings(opp)
    yield program()
    yield from packages()
    yield zone(opp)
    yield clock(opp)
    yield encoding()
    yield logs()
    yield completion(os.environ.get("SHELL", ""))


def settings(opp: Context) -> Finding:
    """Refused files are reported, and the rest is examined as if they were not there."""
    try:
        told = [origin for origin in opp.settings.origins.values() if os.sep in origin]
    except OppError as error:
        opp.settings = config.resolve(opp.flags, os.environ, files=[])
        reasons = listed(
            (say("{what}: {detail}", what=reason.what, detail=reason.detail) for reason in error.reasons), "; "
        )
        return fail(
            "settings",
            say("{message}{text}{reasons}", message=error.message, text=": " if reasons else "", reasons=reasons),
            error.hint or command("config", "path"),
        )
    if passed := skipped(Path.cwd()):
        said = say("{file} is passed over: others may write it", file=passed[0])
        return warn("settings", said, chmod("go-w", [passed[0]]))
    return ok(
        "settings",
        say("from {fromkeys}", fromkeys=listed(dict.fromkeys(told)))
        if told
        else say("flags, environment and defaults"),
    )


def program() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return ok(
        "program",
        say("opp {version} on Python {python}, {place}", version=__version__, python=python, place=Path(sys.prefix)),
    )


def packages() -> Iterator[Finding]:
    """Each package this program needs, against the versions it allows."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        needed = requires("oppcli") or []
    except PackageNotFoundError:
        yield warn("packages", say("opp runs from a folder and was not installed"), "pip install .")
        return
    wrong = list(misfits(needed, version))
    yield (
        fail("packages", listed(wrong, "; "), "pip install --upgrade oppcli")
        if wrong
        else ok("packages", say("as required"))
    )


def misfits(needed: Iterable[str], version: Callable[[str], str]) -> Iterator[str]:
    """What is wrong with the packages that are there, by their requirements as a package writes them; `version` raises
    `PackageNotFoundError` where there is none."""
    from importlib.metadata import PackageNotFoundError

    from packaging.requirements import Requirement

    for wanted in map(Requirement, needed):
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            have = version(wanted.name)
        except PackageNotFoundError:
            yield say("{name} is missing", name=wanted.name)
            continue
        if not wanted.specifier.contains(have, prereleases=True):
            yield say("{name} {have} is not {limit}", name=wanted.name, have=have, limit=str(wanted.specifier))


def zone(opp: Context) -> Finding:
    from oppcli.words.zones import zone

    try:
        name = zone(opp.tz)
    except OppError as error:
        return fail("time zone", error.message, say("install tzdata: pip install tzdata"))
    offset = datetime.fromtimestamp(opp.now / 1000, name).strftime("%z")
    return ok("time zone", say("{tz} (UTC{offset}:{offset2})", tz=opp.tz, offset=offset[:3], offset2=offset[3:]))


def clock(opp: Context) -> Finding:
    """The machine's clock, or the instant that was told to stand for it."""
    from oppcli.words.shown import iso

    shown, origin = iso(opp.now), opp.settings.origins["now"]
    if origin != "default":
        return warn(
            "clock",
            say("set to {shown} by {origin}", shown=shown, origin=origin),
            f"unset {origin}" if origin.startswith("OPP") else "",
        )
    return (
        ok("clock", shown)
        if opp.now >= EARLIEST
        else fail("clock", say("{shown} cannot be", shown=shown), say("set the machine's clock"))
    )


def encoding() -> Finding:
    """Machine formats are UTF-8 always; this is about what a person sees."""
    used = (sys.stdout.encoding or "ascii").lower().replace("-", "").replace("_", "")
    if used in ("utf8", "gb18030"):
        return ok("encoding", sys.stdout.encoding)
    return warn(
        "encoding", say("{encoding} cannot show every character", encoding=sys.stdout.encoding), "export LC_ALL=C.UTF-8"
    )


def logs() -> Finding:
    """Where unexpected errors are written down."""
    folder = state_folder(os.environ)
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(there, os.W_OK):
        return warn(
            "logs",
            say("{folder} cannot be written; traces of errors would be lost", folder=folder),
            f"mkdir -p {folder}",
        )
    count = len(list(folder.glob("crash-*.log"))) if folder.is_dir() else 0
    if not count:
        return ok("logs", say("{folder}: no unexpected errors", folder=folder))
    return ok("logs", say("{folder}: {count} unexpected {count:error|errors}", folder=folder, count=count))


def completion(shell: str) -> Finding:
    """Whether the shell of this person finds a completion file, and the one of this version."""
    from oppcli.cli.completion import FILES, script

    name = Path(shell).name
    if name not in COMPLETIONS:
        return ok(
            "completion",
            say("for {shells}: {command}", shells=listed(FILES), command=command("completion", "SHELL", ready=False)),
        )
    places = [at_home(place) for place in COMPLETIONS[name]]
    found = next((place for place in places if place.is_file()), None)
    place = COMPLETIONS[name][0]
    folder = Path(place).parent
    make = "" if at_home(str(folder)).is_dir() else f"mkdir -p {folder} && "
    fix = say("{make}{completion} > {place}", make=make, completion=command("completion", name), place=place)
    if found is None:
        return warn("completion", say("not set up for {name}", name=name), fix)
    if found.read_text("utf-8", errors="replace") != script(name):
        return warn("completion", say("{found} is of another version", found=found), fix)
    return ok("completion", str(found))
