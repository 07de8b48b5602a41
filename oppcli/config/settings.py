"""The table of everything that can be set: name, kind, where, default. Docs and `opp config list` are read from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oppcli.model.said import LANGUAGES, Said, label, listed, say
from oppcli.tuples import NamedTuple

ZONES = Path("/usr/share/zoneinfo")
TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


ONE_LANGUAGE = say("one of {words}", words=listed(LANGUAGES))


class Setting(NamedTuple):
    """One thing that can be set, and where."""

    key: str
    """In files and for `opp config`; a dot means a table (`date.order` is `order` under `[date]`)."""
    field: str
    """In `Settings` and among the flags."""
    kind: str
    """text, place, zone, instant, flag, seconds, language, or the choices with `|` between them."""
    default: str
    """Empty where it is found out: the machine's zone, the login."""
    doc: str
    env: str = ""
    """The variables, first wins."""
    flag: str = ""
    files: str = ""
    """Which files may hold it: `user`, `user folder`, or none."""


ANY_FILE = "user folder"
FOR_NEW_LEADS = ("currency", "source", "campaign", "product", "region")
SETTINGS = (
    Setting("db", "db", "place", "", say("a path, or postgresql://…"), "OPP_DB", "--db", ANY_FILE),
    Setting("tz", "tz", "zone", "", say("zone of times: Asia/Shanghai"), "OPP_TZ", "--tz", ANY_FILE),
    Setting(
        "lang", "lang", "language", "", say("the language you are answered in: en, zh"), "OPP_LANG", "--lang", "user"
    ),
    Setting("user", "actor", "text", "", say("login of the acting person"), "OPP_USER", "--as", "user"),
    Setting("pin_file", "pin_file", "text", "", say("your own file whose first line is your PIN"), "OPP_PIN_FILE"),
    Setting("now", "now", "instant", "", say("the instant that counts as now"), "OPP_NOW", "--now"),
    Setting(
        key="color",
        field="color",
        kind="auto|always|never",
        default="auto",
        doc=say("colour on a terminal"),
        env="NO_COLOR FORCE_COLOR CLICOLOR_FORCE",
        flag="--color",
        files="user",
    ),
    Setting("no_input", "no_input", "flag", "false", say("never ask, exit 2"), "OPP_NO_INPUT CI", "--no-input", "user"),
    Setting("editor", "editor", "text", "vi", say("what -e opens"), "OPP_EDITOR VISUAL EDITOR"),
    Setting("wait", "wait", "seconds", "10", say("seconds a write waits"), "OPP_WAIT", "--wait", "user"),
    Setting("quiet", "quiet", "flag", "false", say("print ids only, no notices"), "", "-q"),
    Setting("verbose", "verbose", "flag", "false", say("say more on stderr"), "", "-v"),
    Setting("date.order", "date_order", "dmy|mdy", "", say("how to read 10/11/2026"), "OPP_DATE_ORDER", "", "user"),
    Setting("money", "money", "full|short", "full", say("amounts in lists: CNY 815,000.00 or CNY 815k"), files="user"),
    *(
        Setting(
            f"defaults.{name}",
            f"defaults.{name}",
            "text",
            "",
            say("{name} of a new lead", name=label(name)),
            files=ANY_FILE,
        )
        for name in FOR_NEW_LEADS
    ),
)


class Settings(NamedTuple):
    """What a command runs with."""

    db: str
    tz: str
    lang: str
    """Of `LANGUAGES`; empty where nothing is said: then the policy or the locale says it (`oppcli.cli.language`)."""
    actor: str
    pin_file: str
    """Empty where nothing is said."""
    now: int
    """Milliseconds since 1970 UTC."""
    color: str
    """auto, always, never."""
    no_input: bool
    editor: str
    """The words of a command that edits a file."""
    quiet: bool
    verbose: bool
    wait: float
    """Seconds a write waits for the lock."""
    date_order: str
    """dmy, mdy, or empty: refuse dates that can be read both ways."""
    money: str
    """full, short: how amounts in lists are shown to people."""
    defaults: Mapping[str, str]
    """Deal field → what a new lead gets when nothing is said."""
    os_user: str
    """The login at this machine, whoever acts: the journal keeps both."""
    origins: Mapping[str, str]
    """Key of a setting → the flag, variable or file its value is from, or `default`."""


def setting(key: str) -> Setting | None:
    return next((each for each in SETTINGS if each.key == key), None)


def wrong(setting: Setting, value: Any) -> tuple[str, str | None] | None:
    """What is wrong with a value as typed, and a hint; None when it can be used."""
    if fits(setting, value):
        return None
    if setting.kind == "zone":
        return say("there is no time zone {value!r}", value=value), zone_hint(str(value))
    if setting.kind == "language":
        return say("there is no language {value!r}", value=value), ONE_LANGUAGE
    if setting.kind == "seconds":
        return say("{key} is a number of seconds, not {value!r}", key=setting.key, value=value), None
    return say("{key} is {what}, not {value!r}", key=setting.key, what=what(setting), value=value), None


def fits(setting: Setting, value: Any) -> bool:
    """Whether a value can be used, from a file as from a flag or a variable."""
    if setting.kind == "flag":
        return truth(value) is not None
    if setting.kind == "seconds":
        return seconds(value) is not None
    if setting.kind == "language":
        return known_language(value) is not None
    if "|" in setting.kind:
        return value in setting.kind.split("|")
    return isinstance(value, str) and (setting.kind != "zone" or known_zone(value))


def what(setting: Setting) -> Said:
    """What a setting is, in the words of every file."""
    if "|" in setting.kind:
        return say("one of {words}", words=listed(setting.kind.split("|")))
    named = {
        "zone": say("a time zone such as Asia/Shanghai"),
        "language": ONE_LANGUAGE,
        "seconds": say("a number of seconds, at most a day"),
        "flag": say("true or false"),
    }
    return named.get(setting.kind, say("text in quotes"))


def known_language(value: Any) -> str | None:
    """The language that is meant: `zh`, `zh_CN`, `zh-Hans` and `zh_CN.UTF-8` are zh; None for another than there is."""
    name = str(value).strip().lower()
    return next(
        (each for each in LANGUAGES if name == each or name.startswith((f"{each}_", f"{each}-", f"{each}."))), None
    )


def seconds(value: Any) -> float | None:
    """Between none and a day; None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number <= 86_400 else None


def truth(value: Any) -> bool | None:
    return TRUTHS.get(str(value).strip().lower())


def known_zone(name: str) -> bool:
    """Looked up as a file first: importing zoneinfo costs 4 ms, and most commands never need it."""
    if not name or name.startswith(("/", ".")) or ".." in name:
        return False
    try:
        if (ZONES / name).is_file():
            return True
        from zoneinfo import ZoneInfo

        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def zone_hint(name: str, flag: str = "--tz") -> str:
    """The flag with the zone that is spelled most like the name."""
    from zoneinfo import available_timezones

    from oppcli.words.spelling import nearest_word

    return f"{flag} {nearest_word(name, sorted(available_timezones()), alike=0.5) or 'Asia/Shanghai'}"
