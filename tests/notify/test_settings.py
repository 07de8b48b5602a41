"""The tables [notify.NAME]: every mistake at once, and never the value of what may be a secret."""

from pathlib import Path
from typing import Any

import pytest

from oppcli import notify
from oppcli.errors import PolicyError, Undelivered
from oppcli.model.people import User
from oppcli.notify.secret import Source, masked
from oppcli.notify.settings import check
from oppcli.toml.faults import Faults

SMTP = {"kind": "smtp", "host": "mail.example.com", "from": "opp@example.com"}
HOOK = {"kind": "webhook", "url": "https://hooks.example.com/T0"}
COMMAND = {"kind": "command", "command": ["tell"]}
SECRET = "hunter2-hunter2"


def config(folder: Path, text: str) -> dict[str, str]:
    """The environment of somebody whose file says so."""
    (folder / "opp").mkdir()
    (folder / "opp" / "config.toml").write_text(text, "utf-8")
    return {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}


def mistakes(table: dict[str, Any]) -> list[tuple[str, str]]:
    """Where in a channel called team something is wrong, and what."""
    faults = Faults("")
    check("team", table, faults)
    return [(".".join(map(str, fault.path)), fault.message) for fault in faults.found]


GOOD = [
    SMTP,
    SMTP | {"security": "ssl", "port": 465, "user": "opp", "password_env": "P", "timeout": 5},
    {"kind": "smtp", "host": "127.0.0.1", "security": "none", "user": "opp", "password_file": "p", "from": "a@b"},
    {"kind": "sendmail", "from": "opp <opp@example.com>"},
    HOOK,
    HOOK | {"format": "feishu", "secret_file": "~/secret", "ids": {"wang": "ou_1"}, "kinds": ["overdue"]},
    {"kind": "webhook", "url_env": "U", "to": ["role:finance", "user:wang"], "quiet": False},
    COMMAND | {"to": "everyone", "timeout": 0.5},
]


@pytest.mark.parametrize("table", GOOD)
def test_a_table_without_mistakes(table: dict[str, Any]) -> None:
    assert mistakes(table) == []


BAD = [
    ({}, "kind", "kind must be one of smtp, sendmail, webhook, command"),
    ({"kind": "pigeon"}, "kind", "kind must be one of"),
    (SMTP | {"hots": "x"}, "hots", "unknown key 'hots', did you mean 'host'?"),
    (SMTP | {"password": SECRET}, "password", 'is not written here: password_env = "NAME" or password_file'),
    (HOOK | {"secret": SECRET}, "secret", 'is not written here: secret_env = "NAME" or secret_file'),
    (HOOK | {"token": SECRET}, "token", 'is not written here: url_env = "NAME" or url_file'),
    ({"kind": "smtp", "from": "opp@example.com"}, "host", "missing host"),
    (SMTP | {"from": "opp"}, "from", "from must be a mail address"),
    (SMTP | {"port": 0}, "port", "port must be a number from 1 to 65535"),
    (SMTP | {"port": True}, "port", "port must be a number from 1 to 65535"),
    (SMTP | {"security": "tls"}, "security", "security must be one of starttls, ssl, none"),
    (SMTP | {"user": "opp"}, "user", "belong together"),
    (SMTP | {"password_env": "P"}, "user", "belong together"),
    (SMTP | {"user": "opp", "password_env": "P", "password_file": "f"}, "password_env", "say the same"),
    (
        SMTP | {"user": "opp", "password_env": "P", "security": "none"},
        "security",
        "would send the password in the open",
    ),
    ({"kind": "webhook"}, "url", "missing url (or url_env, url_file)"),
    (HOOK | {"url_env": "U"}, "url_env", "url_env and url say the same"),
    (HOOK | {"url": f"ftp://{SECRET}"}, "url", "does not begin with https://HOST"),
    (HOOK | {"url": f"https://{SECRET}:x/"}, "url", "is not an address"),
    (HOOK | {"format": "teams"}, "format", "format must be one of plain, slack, feishu, dingtalk, wecom"),
    (HOOK | {"ids": {"wang": '"><at user_id="all">'}}, "ids", "ids must be a table that gives each login"),
    (COMMAND | {"command": "tell --loud"}, "command", "command must be a list of texts"),
    (COMMAND | {"to": ["finance"]}, "to", 'to must be "everyone", or a list of "role:NAME" and "user:LOGIN"'),
    (COMMAND | {"kinds": []}, "kinds", "kinds must be a list of texts"),
    (COMMAND | {"quiet": "no"}, "quiet", "quiet must be true or false"),
    (COMMAND | {"timeout": 0}, "timeout", "timeout must be a number of seconds, at most 60"),
    (COMMAND | {"timeout": 3600}, "timeout", "timeout must be a number of seconds, at most 60"),
]


@pytest.mark.parametrize(("table", "key", "said"), BAD)
def test_a_mistake_is_named_and_no_value_repeated(table: dict[str, Any], key: str, said: str) -> None:
    ((path, message),) = mistakes(table)
    assert path == f"notify.team.{key}"
    assert said in message
    assert SECRET not in message


def test_all_mistakes_of_all_channels_come_at_once(tmp_path: Path) -> None:
    text = '[notify.mail]\nkind = "smtp"\nport = 0\n\n[notify.bot]\nkind = "pigeon"\n\n[notify]\nx = 3\n'
    environ = config(tmp_path, text)
    with pytest.raises(PolicyError) as raised:
        notify.channels(environ)
    assert [f"{reason.what} {reason.detail}" for reason in raised.value.reasons] == [
        "notify.mail.host line 1: missing host",
        "notify.mail.from line 1: missing from",
        "notify.mail.port line 3: port must be a number from 1 to 65535",
        "notify.bot.kind line 6: kind must be one of smtp, sendmail, webhook, command",
        "notify.x line 9: unknown key 'x': give the table a name, [notify.NAME]",
    ]


def test_without_a_file_or_a_table_there_are_no_channels(tmp_path: Path) -> None:
    assert notify.channels({"HOME": str(tmp_path)}) == ()
    assert notify.channels(config(tmp_path, 'tz = "Asia/Shanghai"\n')) == ()


def test_a_file_that_is_not_toml_is_refused_without_its_text(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as raised:
        notify.channels(config(tmp_path, f"[notify.mail]\npassword = {SECRET}\n"))
    assert SECRET not in str(raised.value)


def test_a_secret_file_is_relative_to_the_configuration(tmp_path: Path) -> None:
    environ = config(tmp_path, '[notify.bot]\nkind = "webhook"\nurl_file = "bot-url"\n')
    (tmp_path / "opp" / "bot-url").write_text("https://hooks.example.com/T0\n")
    (found,) = notify.channels(environ)
    assert found.carrier.lacks() is None
    assert found.carrier.where() == f"the address in {tmp_path}/opp/bot-url plain"


@pytest.mark.parametrize(
    ("to", "reached"),
    [("everyone", "wang li"), (["role:finance"], "wang"), (["user:li"], "li"), (["role:none"], "")],
)
def test_whom_a_channel_is_for(tmp_path: Path, to: Any, reached: str) -> None:
    from letters import channel

    wanted = channel(**COMMAND | {"to": to})
    people = {"wang": frozenset({"finance"}), "li": frozenset({"sales"})}
    found = [login for login, roles in people.items() if wanted.gap(User(login=login, name=login), roles) is None]
    assert " ".join(found) == reached


def test_mail_does_not_reach_who_has_no_address() -> None:
    from letters import channel

    wanted = channel(kind="sendmail", sender="opp@example.com")
    nobody, somebody = User(login="wang", name="王芳"), User(login="li", name="李雷", email="li@example.com")
    assert wanted.gap(nobody, frozenset()) == "no usable mail address (opp user edit wang --email …)"
    assert wanted.gap(somebody, frozenset()) is None


def test_a_missing_secret_is_named_by_where_it_should_be(tmp_path: Path) -> None:
    sources = [Source(env="NOT_SET"), Source(file=str(tmp_path / "none")), Source(file=str(tmp_path))]
    said = []
    for source in sources:
        with pytest.raises(Undelivered) as raised:
            source.read({})
        said.append((raised.value.message, raised.value.down))
    none, folder = f"{tmp_path}/none cannot be read: no such file", f"{tmp_path} cannot be read: is a directory"
    assert said == [("NOT_SET is not set", True), (f"{none} or directory", True), (folder, True)]


def test_a_masked_text_holds_no_form_of_a_secret() -> None:
    secret = "p/ss wörd+1"
    text = f"{secret} p%2Fss%20w%C3%B6rd%2B1 p%2Fss+w%C3%B6rd%2B1 and the rest"
    assert masked(text, [secret]) == "••• ••• ••• and the rest"
