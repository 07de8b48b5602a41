"""The keys of a mapping, and what each may hold."""

from decimal import Decimal, InvalidOperation
from typing import Any

from oppcli.files.dates import ISO, UNIX, UNIX_MS, is_format
from oppcli.files.sheets.shape import known_encoding
from oppcli.files.verbs import VERBS_BY_ROLE
from oppcli.model.said import say
from oppcli.toml.shape import FLAG, SCALAR, TEXT, TEXTS, Holds, Named, Several, Shape, Table, one_of

RECORDS = {"customers": "customer", "contacts": "contact", "activities": "activity", "tasks": "task"}
"""Kinds of rows that are records with a reference of their own beside deals, and their nouns."""
RATES, TARGETS, COSTS, JUDGEMENTS, POINTS = "rates", "targets", "costs", "judgements", "points"
OF_COLUMNS = (RATES, TARGETS, COSTS, JUDGEMENTS, POINTS)
"""Kinds of rows whose columns tell which is what: nobody has to say it, and they are of no other system."""
KINDS = ("deals", "users", "requests", "visits", "prices", "payments", "facts", *RECORDS, *OF_COLUMNS)
BY = ("external_id", "id", "name", "tax_id", "phone", "email", "domain")
"""What a record is known by."""
UPDATE, SKIP, ONLY = "update", "skip", "only"
"""What becomes of a row that is known; only: of no other."""
OPEN = "?"
"""Stands in a draft where a person has to say what is meant (`openings` of `oppcli.files.fit`)."""
NO_HEADER = "none"


def scalar(found: Any) -> str:
    """Text as it is; numbers, dates and true/false as they would be typed."""
    return str(found).lower() if isinstance(found, bool) else str(found)


def _is_encoding(found: Any) -> bool:
    return isinstance(found, str) and known_encoding(found)


def _is_delimiter(found: Any) -> bool:
    return isinstance(found, str) and len(found) == 1 and found not in '"\r\n'


def _is_zone(found: Any) -> bool:
    from zoneinfo import ZoneInfo

    try:
        return isinstance(found, str) and bool(ZoneInfo(found).key)
    except (KeyError, ValueError, OSError):
        return False


def factor(found: Any) -> Decimal | str | None:
    """What numbers are multiplied by, `?` where that is open; None for what is no number, or 0."""
    if found == OPEN:
        return OPEN
    try:
        number = Decimal(str(found))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number else None


def _is_factor(found: Any) -> bool:
    return isinstance(found, str | int) and not isinstance(found, bool) and factor(found) is not None


def _is_condition(found: Any) -> bool:
    """A column, or by column the cells it may hold."""
    if isinstance(found, dict) and found:
        return all(SCALAR.fits(one) for each in found.values() for one in (each if isinstance(each, list) else [each]))
    return TEXT.fits(found)


def _is_header(found: Any) -> bool:
    return found == NO_HEADER or (isinstance(found, int) and not isinstance(found, bool) and found > 0)


def _is_date(form: Any) -> bool:
    """A name, a format of strptime, or still open."""
    return form in (ISO, UNIX, UNIX_MS, OPEN) or (isinstance(form, str) and is_format(form))


_BLANKS = Holds(
    say("a list of texts"),
    lambda found: isinstance(found, str) or (isinstance(found, list) and all(isinstance(each, str) for each in found)),
)
"""Here a text may be empty."""
_DATE = Holds(say("iso, unix, unix_ms or a format such as %d/%m/%Y"), _is_date)
_READING: dict[str, Shape] = {
    "blank": _BLANKS,
    "date": _DATE,
    "decimal": Holds(say('"." or ","'), lambda found: found in (".", ",", OPEN)),
}
_SOURCE = Table(
    {
        "column": TEXT,
        "when": Holds(say("a column, or a table of columns and cells"), _is_condition),
        "factor": Holds(say("a number other than 0, in quotes"), _is_factor),
        "template": TEXT,
        "constant": SCALAR,
        "values": Named(SCALAR),
        "round": FLAG,
        "required": FLAG,
        "create": FLAG,
        "by": one_of(*BY),
        "roles": _BLANKS,
        **_READING,
    },
    short="column",
)
_SOURCE = _SOURCE._replace(keys={**_SOURCE.keys, "else": _SOURCE})
_FIELD = Several(_SOURCE)
SHAPE = Table(
    {
        "kind": one_of(*KINDS),
        "system": TEXT,
        "existing": one_of(UPDATE, SKIP, ONLY),
        "review": FLAG,
        "key": TEXTS,
        "known": TEXTS,
        "file": Table(
            {
                "encoding": Holds(say("an encoding there is, such as gb18030"), _is_encoding),
                "delimiter": Holds(say("one character"), _is_delimiter),
                "excel": FLAG,
                "header": Holds(say('the number of a line, or "none"'), _is_header),
                "columns": TEXTS,
                "sheet": TEXT,
            }
        ),
        "join": Named(Table({"file": TEXT, "on": TEXT, "key": TEXT}, required=("file", "on", "key")), header="join"),
        "read": Table({"timezone": Holds(say("a time zone such as Asia/Shanghai"), _is_zone), **_READING}),
        "fields": Named(_FIELD),
        "entered": Named(_FIELD),
        "deal": Named(_FIELD),
        "activities": Named(VERBS_BY_ROLE),
    }
)
