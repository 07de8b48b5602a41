"""The file that a quote is written into: never over another one."""

from pathlib import Path

from oppcli.cli.filed import beside
from oppcli.errors import UsageError
from oppcli.model.said import of_system, say


def require_free(path: Path, text: str) -> None:
    """Refuse (2) a place where another file lies, and one that cannot be written."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(say("{path} cannot be written: not a file in a folder that exists", path=path))
    if path.exists() and path.read_bytes() != text.encode():
        raise UsageError(say("{path} is there already, and is another file", path=path), hint=say("give another name"))


def write(path: Path, text: str) -> None:
    """The bytes of the text, all or none. Refused (2) with what the system says."""
    try:
        with beside(str(path)) as file:
            file.write(text.encode())
    except OSError as error:
        raise UsageError(say("{path} cannot be written: {what}", path=path, what=of_system(error))) from None
