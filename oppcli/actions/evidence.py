"""Files on disk against their fingerprints: is what was attached, and what was approved, still what lies there?"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from oppcli.errors import OppError, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.deals import File
from oppcli.model.digest import begun
from oppcli.model.refs import ref
from oppcli.model.said import of_system, say

SAME, CHANGED, MISSING, UNREADABLE, LINK = "same", "changed", "missing", "unreadable", "link"


def fingerprint(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file, read in blocks. Refused for what is not a readable file."""
    try:
        if not path.is_file():
            raise UsageError(say("{path}: {what}", path=path, what=_instead(path)))
        digest, size = begun(path.stat().st_size), 0
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise UsageError(say("{path}: {what}", path=path, what=of_system(error))) from None
    return size, digest.hexdigest()


def _instead(path: Path) -> str:
    """What lies where a file should."""
    return say("is a directory") if path.is_dir() else say("is no file") if path.exists() else say("no such file")


def state(file: File) -> str:
    """Whether the file at its path is the one that was attached: same, changed, missing or unreadable (here);
    of a link, behind which nobody here looks, that it is one."""
    if "://" in file.path:
        return LINK
    try:
        if not Path(file.path).exists():
            return MISSING
        return SAME if fingerprint(Path(file.path))[1] == file.sha256 else CHANGED
    except (OppError, OSError, ValueError):
        return UNREADABLE


def approved(files: Iterable[File], shown: Mapping[str, frozenset[str]]) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """What stands against the files that approvals rest on (kind → the fingerprints that were shown), and warnings of
    those that cannot be read here. Its name stands behind its reference: refusals are kept, and names can be erased."""
    reasons: list[Reason] = []
    warnings: list[str] = []
    for file in files:
        if file.sha256 not in shown.get(file.kind, ()):
            continue
        found, name = state(file), ref("file", file.id)
        if found == CHANGED:
            fix = command("deal", "attach", ref("deal", file.deal_id), file.path, "--kind", file.kind)
            reasons.append(Reason(name, say("{file} is not the file that was approved", file=file.name), fix))
        elif found in (MISSING, UNREADABLE):
            warnings.append(say("{file} ({name}) cannot be read here, so nobody looked", file=file.name, name=name))
    return tuple(reasons), tuple(warnings)
