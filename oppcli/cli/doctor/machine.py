"""What the machine and the installation are like: versions, settings, zone, clock, terminal, completion."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from oppcli import __version__, config
from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, fail, ok, warn
from oppcli.errors import OppError
from oppcli.model.command import command
from oppcli.model.said import say

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000
"""A clock before this program was written is wrong."""
COMPLETIONS = {
    "bash": ("~/.local/share/bash-completion/completions/opp", "/usr/share/bash-completion/completions/opp"),
    "zsh": ("~/.zfunc/_opp", "/usr/share/zsh/site-functions/_opp", "/usr/local/share/zsh/site-functions/_opp"),
    "fish": ("~/.config/fish/completions/opp.fish", "/usr/share/fish/vendor_completions.d/opp.fish"),
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
        reasons = "; ".join(f"{reason.what}: {reason.detail}" for reason in error.reasons)
        return fail(
            "settings", f"{error.message}{': ' if reasons else ''}{reasons}", error.hint or command("config", "path")
        )
    return ok("settings", f"from {', '.join(dict.fromkeys(told))}" if told else "flags, environment and defaults")


def program() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return ok("program", f"opp {__version__} on Python {python}, {Path(sys.prefix)}")


def packages() -> Iterator[Finding]:
    """Each package this program needs, against the versions it allows."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        needed = requires("oppcli") or []
    except PackageNotFoundError:
        yield warn("packages", "opp runs from a folder and was not installed", "pip install .")
        return
    wrong = []
    for line in needed:
        name, allowed, extra = _requirement(line)
        if extra:
            continue
        try:
            have = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        wrong += [f"{name} {have} is not {limit}" for limit in allowed if not _within(have, limit)]
    yield fail("packages", "; ".join(wrong), "pip install --upgrade oppcli") if wrong else ok("packages", "as required")


def _requirement(line: str) -> tuple[str, list[str], bool]:
    """`tabulate[widechars]>=0.9,<1; extra == 'x'` as (tabulate, [>=0.9, <1], True)."""
    import re

    body, _, marker = line.partition(";")
    found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(.*)", body.strip())
    name, limits = (found[1], found[2]) if found else (body, "")
    return name, [limit.strip() for limit in limits.strip("() ").split(",") if limit], bool(marker)


def _within(have: str, limit: str) -> bool:
    """Whether a version keeps one limit; limits other than `>=` and `<` are not judged."""
    sign = "<" if limit[:2] != "<=" and limit[:1] == "<" else limit[:2]
    if sign not in (">=", "<"):
        return True
    mine, bound = _numbers(have), _numbers(limit[len(sign) :])
    return mine >= bound if sign == ">=" else mine < bound


def _numbers(version: str) -> tuple[int, ...]:
    import re

    return tuple(int(part) for part in re.findall(r"\d+", version.split(".post")[0].split("+")[0]))


def zone(opp: Context) -> Finding:
    from oppcli.words.instants import zone

    try:
        name = zone(opp.tz)
    except OppError as error:
        return fail("time zone", error.message, "install tzdata: pip install tzdata")
    offset = datetime.fromtimestamp(opp.now / 1000, name).strftime("%z")
    return ok("time zone", f"{opp.tz} (UTC{offset[:3]}:{offset[3:]})")


def clock(opp: Context) -> Finding:
    """The machine's clock, or the instant that was told to stand for it."""
    from oppcli.words.shown import iso

    shown, origin = iso(opp.now), opp.settings.origins["now"]
    if origin != "default":
        return warn("clock", f"set to {shown} by {origin}", f"unset {origin}" if origin.startswith("OPP") else "")
    return ok("clock", shown) if opp.now >= EARLIEST else fail("clock", f"{shown} cannot be", "set the machine's clock")


def encoding() -> Finding:
    """Machine formats are UTF-8 always; this is about what a person sees."""
    used = (sys.stdout.encoding or "ascii").lower().replace("-", "").replace("_", "")
    if used in ("utf8", "gb18030"):
        return ok("encoding", sys.stdout.encoding)
    return warn("encoding", f"{sys.stdout.encoding} cannot show every character", "export LC_ALL=C.UTF-8")


def logs() -> Finding:
    """Where unexpected errors are written down."""
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()) / "opp"
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(there, os.W_OK):
        return warn("logs", f"{folder} cannot be written; traces of errors would be lost", f"mkdir -p {folder}")
    count = len(list(folder.glob("crash-*.log"))) if folder.is_dir() else 0
    return ok("logs", f"{folder}: {count or 'no'} unexpected error{'' if count == 1 else 's'}")


def completion(shell: str) -> Finding:
    """Whether the shell of this person finds a completion file, and the one of this version."""
    from oppcli.cli.completion import FILES, script

    name = Path(shell).name
    if name not in COMPLETIONS:
        return ok(
            "completion",
            say(
                "for {shells}: {command}", shells=", ".join(FILES), command=command("completion", "SHELL", ready=False)
            ),
        )
    places = [Path(place).expanduser() for place in COMPLETIONS[name]]
    found = next((place for place in places if place.is_file()), None)
    place = COMPLETIONS[name][0]
    folder = Path(place).parent
    make = "" if folder.expanduser().is_dir() else f"mkdir -p {folder} && "
    fix = f"{make}opp completion {name} > {place}"
    if found is None:
        return warn("completion", f"not set up for {name}", fix)
    if found.read_text("utf-8", errors="replace") != script(name):
        return warn("completion", f"{found} is of another version", fix)
    return ok("completion", str(found))
