"""Where settings come from, which file may hold what, and how a file is changed."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli import config
from oppcli.config import SETTINGS, edit, machine
from oppcli.config.adapters import adapters, hooks
from oppcli.config.files import flat
from oppcli.config.mailbox import mailbox
from oppcli.config.settings import FOR_NEW_LEADS, Settings
from oppcli.errors import PolicyError, UsageError


class Place:
    """A made-up home and a working folder below it, with what the two files hold."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.here = home / "sales" / "north"
        self.here.mkdir(parents=True)
        self.environ = {"HOME": str(home)}

    def user(self, text: str) -> Path:
        path = self.home / ".config" / "opp" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def folder(self, text: str, *, above: int = 0) -> Path:
        path = [self.here, *self.here.parents][above] / ".opp.toml"
        path.write_text(text, "utf-8")
        return path

    def resolve(self, environ: dict[str, str] | None = None, **flags: Any) -> Settings:
        return config.resolve(flags, self.environ | (environ or {}), self.here)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_with_nothing_set_everything_has_a_default_that_says_so(place: Place) -> None:
    found = place.resolve()
    assert found.db == str(place.home / ".local/share/opp/opp.db")
    assert (found.color, found.no_input, found.quiet, found.wait, found.date_order) == ("auto", False, False, 10.0, "")
    assert (found.actor, found.os_user) == (machine.login(), machine.login())
    assert set(found.origins.values()) == {"default"}
    assert set(found.origins) == {setting.key for setting in SETTINGS}


def test_a_flag_beats_the_environment_beats_the_folder_beats_the_user_file(place: Place) -> None:
    user = place.user('tz = "Asia/Tokyo"')
    steps = [place.resolve()]
    folder = place.folder('tz = "Europe/Berlin"')
    steps.append(place.resolve())
    steps.append(place.resolve({"OPP_TZ": "UTC"}))
    steps.append(place.resolve({"OPP_TZ": "UTC"}, tz="America/New_York"))
    assert [(each.tz, each.origins["tz"]) for each in steps] == [
        ("Asia/Tokyo", str(user)),
        ("Europe/Berlin", str(folder)),
        ("UTC", "OPP_TZ"),
        ("America/New_York", "--tz"),
    ]


def test_an_empty_variable_or_flag_says_nothing(place: Place) -> None:
    found = place.resolve({"OPP_DB": "", "OPP_USER": "", "NO_COLOR": ""}, tz="", quiet=False)
    assert {found.origins[key] for key in ("db", "user", "color", "tz", "quiet")} == {"default"}


def test_the_nearest_folder_file_is_read_and_the_others_are_not(place: Place) -> None:
    place.folder('db = "far.db"\ntz = "UTC"', above=1)
    near = place.folder('db = "near.db"')
    found = place.resolve()
    assert found.db == str(near.parent / "near.db")
    assert found.origins["tz"] == "default"


def test_a_database_in_a_file_lies_where_the_file_is_and_one_in_a_variable_where_it_says(place: Place) -> None:
    place.folder('db = "team.db"', above=1)
    found = [place.resolve().db, place.resolve({"OPP_DB": "x.db"}).db, place.resolve(db="postgresql://h/d").db]
    assert found == [str(place.here.parent / "team.db"), "x.db", "postgresql://h/d"]


def test_a_server_in_a_file_is_not_taken_for_a_path(place: Place) -> None:
    place.user('db = "postgresql://li@db.example/sales"')
    assert place.resolve().db == "postgresql://li@db.example/sales"


def test_defaults_for_new_leads_come_from_both_files_the_folder_first(place: Place) -> None:
    place.user('[defaults]\ncurrency = "USD"\nsource = "展会"')
    place.folder('[defaults]\ncurrency = "CNY"')
    assert place.resolve().defaults == {"currency": "CNY", "source": "展会"}


@pytest.mark.parametrize("key", [setting.key for setting in SETTINGS if "folder" not in setting.files])
def test_a_folder_file_can_only_say_where_data_is_and_what_leads_start_with(place: Place, key: str) -> None:
    table, _, name = key.rpartition(".")
    path = place.folder((f"[{table}]\n" if table else "") + f'{name} = "x"')
    with pytest.raises(PolicyError, match=r"\.opp\.toml cannot be used") as refusal:
        place.resolve()
    first = table or name
    ((what, said, *_),) = refusal.value.reasons
    assert (what, said.startswith("line 1: ")) == (first, True)
    assert f"{first} is not for a folder's file" in said or f"unknown key '{first}'" in said
    assert path.is_file()


def test_every_problem_of_a_file_is_named_at_once(place: Place) -> None:
    place.user('editor = "vi"\ntz = "Mars/Base"\ncolor = "pink"\nwait = "soon"\nno_input = 3\ndb = 5\nalias.x = "y"')
    with pytest.raises(PolicyError) as refusal:
        place.resolve()
    known = "there are db, tz, lang, user, color, no_input, wait, date, money, defaults"
    assert [f"{reason.what} {reason.detail}" for reason in refusal.value.reasons] == [
        f"editor line 1: unknown key 'editor'; {known}",
        "tz line 2: tz = 'Mars/Base' must be a time zone such as Asia/Shanghai",
        "color line 3: color 'pink': use auto, always, never",
        "wait line 4: wait = 'soon' must be a number of seconds, at most a day",
        "no_input line 5: no_input = 3 must be true or false",
        "db line 6: db = 5 must be text in quotes",
        f"alias line 7: unknown key 'alias'; {known}",
    ]
    assert refusal.value.code == 8


@pytest.mark.parametrize("text", ["db = ", "db = 1\ndb = 2", "\x00", "[[db]]\nx = 1"])
def test_a_file_that_is_not_toml_or_nests_is_refused_with_its_name(place: Place, text: str) -> None:
    path = place.user(text)
    with pytest.raises(PolicyError) as refusal:
        place.resolve()
    assert str(path) in refusal.value.message


def test_a_file_with_a_byte_order_mark_is_read(place: Place) -> None:
    place.user("").write_bytes(b'\xef\xbb\xbftz = "UTC"\r\n')
    assert place.resolve().tz == "UTC"


@pytest.mark.parametrize(
    ("environ", "flags", "message"),
    [
        ({"OPP_TZ": "Asia/Shangai"}, {}, "OPP_TZ: there is no time zone 'Asia/Shangai'"),
        ({}, {"tz": "../../etc/passwd"}, "--tz: there is no time zone '../../etc/passwd'"),
        ({}, {"color": "pink"}, "--color: color is one of auto, always, never, not 'pink'"),
        ({}, {"wait": "soon"}, "--wait: wait is a number of seconds, not 'soon'"),
        ({}, {"wait": "nan"}, "--wait: wait is a number of seconds, not 'nan'"),
        ({"OPP_NO_INPUT": "perhaps"}, {}, "OPP_NO_INPUT: no_input is true or false, not 'perhaps'"),
        ({"OPP_NOW": "whenever"}, {}, "OPP_NOW: 'whenever' is not a time"),
        ({"OPP_NOW": "9999-12-31T23:59Z"}, {}, "OPP_NOW: 9999-12-31T23:59Z is outside the years 1900 to 2299"),
        ({}, {"now": "0001-01-02"}, "--now: 0001-01-02 is outside the years 1900 to 2299"),
    ],
)
def test_a_flag_or_variable_that_cannot_be_read_is_named(
    place: Place, environ: dict[str, str], flags: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        place.resolve(environ, **flags)
    assert refusal.value.message == message


def test_a_misspelt_zone_gets_the_nearest_one_as_a_hint(place: Place) -> None:
    with pytest.raises(UsageError) as refusal:
        place.resolve(tz="Asia/Shangai")
    assert refusal.value.hint == "--tz Asia/Shanghai"


@pytest.mark.parametrize(
    ("environ", "flags", "when"),
    [
        ({"NO_COLOR": "1"}, {}, "never"),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {}, "never"),
        ({"FORCE_COLOR": "1"}, {}, "always"),
        ({"FORCE_COLOR": "0"}, {}, "never"),
        ({"CLICOLOR_FORCE": "1"}, {}, "always"),
        ({"NO_COLOR": "1"}, {"color": "always"}, "always"),
        ({}, {}, "auto"),
    ],
)
def test_colour_is_decided_by_flag_then_no_color_then_force(
    place: Place, environ: dict[str, str], flags: dict[str, str], when: str
) -> None:
    assert place.resolve(environ, **flags).color == when


@pytest.mark.parametrize(("value", "asks"), [("true", False), ("woodpecker", False), ("false", True), ("", True)])
def test_under_ci_nothing_is_asked(place: Place, value: str, asks: bool) -> None:
    assert place.resolve({"CI": value}).no_input is not asks


def test_now_is_read_in_the_zone_that_is_in_force(place: Place) -> None:
    found = [place.resolve({"OPP_NOW": "2026-03-09T09:00"}, tz=zone).now for zone in ("Asia/Shanghai", "UTC")]
    assert found == [1_773_018_000_000, 1_773_046_800_000]


def test_the_zone_of_the_machine_is_that_of_tz_or_of_localtime() -> None:
    assert machine.system_zone({"TZ": ":Europe/Berlin"}) == "Europe/Berlin"
    assert machine.system_zone({"TZ": "no/such"}) == machine.system_zone({})


def test_relative_xdg_folders_are_ignored_as_the_specification_says(place: Place) -> None:
    found = place.resolve({"XDG_DATA_HOME": "data"}).db, place.resolve({"XDG_DATA_HOME": "/data"}).db
    assert found == (str(place.home / ".local/share/opp/opp.db"), "/data/opp/opp.db")


def test_of_programs_and_the_mailbox_what_the_machine_says_counts_before_ones_own(place: Place) -> None:
    machines, text = place.home / "etc", '[{}.erp]\ncommand = ["{}"]\n[mail]\nmaildir = "{}"\n'
    (machines / "opp").mkdir(parents=True)
    own, environ = "[adapter.own]\ncommand = ['x']\n", place.environ | {"XDG_CONFIG_DIRS": str(machines)}
    for table, read in (("adapter", adapters), ("hook", hooks)):
        (machines / "opp" / "config.toml").write_text(text.format(table, "theirs", "in"), "utf-8")
        place.user(own + text.format(table, "mine", "/mine") + "authserv = 'mx'\n")
        assert read(environ)["erp"].words == ("theirs",)
    assert "own" in adapters(environ)
    assert mailbox(environ) == (machines / "opp" / "in", "mx")


def test_the_settings_table_names_each_key_field_and_variable_once() -> None:
    for names in (
        [setting.key for setting in SETTINGS],
        [setting.field for setting in SETTINGS],
        [name for setting in SETTINGS for name in setting.env.split()],
    ):
        assert len(names) == len(set(names))
    fields = {setting.field for setting in SETTINGS if not setting.key.startswith("defaults.")}
    assert fields | {"defaults", "os_user", "origins"} == set(Settings._fields)


# --- changing a file ----------------------------------------------------------------------------------------------

KEPT = '# mine\ntz = "UTC" # home\n\n[defaults]\n# sales say so\ncurrency = "CNY"\n'


def test_a_change_keeps_comments_and_every_other_line() -> None:
    found = edit.put(KEPT, "defaults.currency", "USD")
    assert found == KEPT.replace('currency = "CNY"', 'currency = "USD"')


def test_a_new_key_goes_to_its_own_table() -> None:
    assert edit.put(KEPT, "db", "x.db") == KEPT.replace("home\n", 'home\ndb = "x.db"\n')
    assert edit.put(KEPT, "date.order", "dmy") == KEPT + '\n[date]\norder = "dmy"\n'


def test_a_key_taken_out_leaves_the_rest() -> None:
    assert edit.put(KEPT, "tz", None) == KEPT.replace('tz = "UTC" # home\n', "")


def test_a_value_over_several_lines_a_dotted_key_and_an_inline_table_are_changed_too() -> None:
    assert edit.put('tz = """\nUTC"""\n', "tz", "Asia/Tokyo") == 'tz = "Asia/Tokyo"\n'
    assert edit.put('defaults.currency = "CNY" # of old\n', "defaults.currency", "USD") == (
        'defaults.currency = "USD" # of old\n'
    )
    assert edit.put('date = { order = "dmy" }\n', "date.order", "mdy") == 'date = { order = "mdy" }\n'


def test_a_file_that_is_broken_is_not_made_worse(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("tz = \n", "utf-8")
    with pytest.raises(PolicyError, match="cannot be read"):
        edit.save(path, "tz", "UTC")
    assert path.read_text("utf-8") == "tz = \n"


names = st.sampled_from(["db", "tz", "user", "date.order", *(f"defaults.{name}" for name in FOR_NEW_LEADS)])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=20)


@given(changes=st.lists(st.tuples(names, st.none() | texts), max_size=12))
def test_after_any_changes_the_file_holds_exactly_what_was_set_last(changes: list[tuple[str, str | None]]) -> None:
    text, expected = KEPT, {"tz": "UTC", "defaults.currency": "CNY"}
    for key, value in changes:
        text = edit.put(text, key, value)
        expected.pop(key, None)
        if value is not None:
            expected[key] = value
    assert flat(tomllib.loads(text)) == expected
    assert text.startswith("# mine\n")
