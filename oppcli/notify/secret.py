"""Secrets: where they come from, and how they stay out of everything that is printed or stored."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from oppcli.errors import Undelivered
from oppcli.model.said import of_system, say
from oppcli.tuples import NamedTuple

MASK = "•••"
LONGEST_FILE = 64 * 1024
SHORTEST_MASKED = 4
"""A shorter text is no secret, and masking it would make every message unreadable."""


class Source(NamedTuple):
    """Where a secret is. It never holds the secret itself, so it may be shown."""

    env: str = ""
    file: str = ""
    plain: str = ""
    """For an address that its owner wrote into the configuration in the open."""

    @property
    def given(self) -> bool:
        return any(self)

    def read(self, environ: Mapping[str, str]) -> str:
        """The secret. Raises `Undelivered` when it is not there or empty."""
        if self.plain:
            return self.plain
        if self.env:
            found, name = environ.get(self.env, ""), self.env
        else:
            found, name = _contents(Path(self.file)), self.file
        if not found.strip():
            raise Undelivered(
                say(
                    "{name} is {empty}",
                    name=name,
                    empty=say("empty") if self.file or self.env in environ else say("not set"),
                ),
                down=True,
            )
        return found.strip("\r\n")

    @property
    def shown(self) -> str:
        return f"${self.env}" if self.env else self.file


def _contents(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_FILE).decode("utf-8")
    except OSError as error:
        raise Undelivered(
            say("{file} cannot be read: {why}", file=path, why=of_system(error)),
            down=True,
        ) from None
    except UnicodeDecodeError:
        raise Undelivered(say("{path} is not text in UTF-8", path=path), down=True) from None


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, as they are or as they stand in an address."""
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
    for form in sorted(forms, key=len, reverse=True):
        if len(form) >= SHORTEST_MASKED:
            text = text.replace(form, MASK)
    return text
