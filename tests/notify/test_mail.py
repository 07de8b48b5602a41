"""Mail to an SMTP server on loopback, well and ill behaved, and through a sendmail."""

import time
from pathlib import Path
from typing import Any

import pytest
from letters import LETTER, TEXT, channel, send
from postbox import certificate, mail_server, nobody_listens, server_side

from oppcli.errors import Undelivered
from oppcli.notify.mail import envelope
from oppcli.words.emails import mailbox

PASSWORD = "s3cret of the post"
FROM = "商机 opp <opp@example.com>"


def smtp(port: int, environ: dict[str, str] | None = None, **table: Any) -> Any:
    plain: dict[str, Any] = {
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": FROM,
        "timeout": 5,
    }
    return channel(environ, **plain | table)


def test_a_mail_arrives_whole_with_an_id_made_of_the_key() -> None:
    with mail_server() as post:
        send(smtp(post.port))
    (got,) = post.mails
    said = got.message
    assert (got.sender, got.to) == ("opp@example.com", "wang@example.com")
    assert said["Message-ID"] == f"<opp.{LETTER.key}@example.com>"
    assert said["From"] == "商机 opp <opp@example.com>"
    assert said["To"] == "王芳 <wang@example.com>"
    assert said["Subject"] == LETTER.subject
    assert said["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert said["Auto-Submitted"] == "auto-generated"
    assert got.text.splitlines() == LETTER.text.splitlines()
    assert max(map(len, got.raw.splitlines())) <= 998


def test_all_letters_of_a_run_go_through_one_connection() -> None:
    with mail_server() as post:
        send(smtp(post.port), *(LETTER._replace(email=f"{login}@example.com") for login in ("wang", "li", "chen")))
    assert [got.to for got in post.mails] == ["wang@example.com", "li@example.com", "chen@example.com"]
    assert post.connections == 1


def test_a_connection_that_is_gone_between_two_letters_is_made_again() -> None:
    with mail_server(answers={"NOOP": "421 too many"}) as post:
        send(smtp(post.port), LETTER, LETTER)
    assert (len(post.mails), post.connections) == (2, 2)


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_the_password_goes_out_encrypted_only(security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    given: dict[str, Any] = {"tls": server_side(cert), "login": ("opp", PASSWORD), "implicit_tls": security == "ssl"}
    with mail_server(**given) as post:
        wanted = smtp(post.port, user="opp", password_file=str(tmp_path / "password"), security=security)
        send(wanted)
    assert len(post.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    trusted = pytest.raises(Undelivered, match="the certificate is not trusted: self")
    with mail_server(tls=server_side(certificate(tmp_path))) as post, trusted as raised:
        send(smtp(post.port, security="starttls"))
    assert (raised.value.down, post.mails) == (True, [])


def test_a_server_without_encryption_is_not_given_the_password() -> None:
    with mail_server(login=("opp", PASSWORD)) as post:
        wanted = smtp(post.port, {"P": PASSWORD}, user="opp", password_env="P", security="starttls")
        with pytest.raises(Undelivered, match="the server offers no STARTTLS or no login"):
            send(wanted)
    assert post.mails == []


def test_a_wrong_password_is_reported_without_it_though_the_server_repeats_it() -> None:
    with mail_server(login=("opp", "another")) as post:
        wanted = smtp(post.port, {"P": PASSWORD}, user="opp", password_env="P")
        with pytest.raises(Undelivered) as raised:
            send(wanted)
    assert raised.value.message == "the login is refused: 535 opp with ••• is not known here"
    assert raised.value.down


@pytest.mark.parametrize(
    ("given", "text", "down"),
    [
        ({"answers": {"RCPT": "550 no such user"}}, "the server refuses the address: 550 no such user", False),
        ({"answers": {"RCPT": "421 later"}}, "the server refuses the address: 421 later", True),
        ({"answers": {"DATA": "554 looks like spam"}}, "the server refuses the text: 554 looks like spam", False),
        ({"answers": {"MAIL": "550 who are you"}}, "the sender is refused: 550 who are you", True),
        ({"dies_after_data": 1}, "the connection was closed before an answer came", True),
        ({"hangs_at": "greeting"}, "no answer within 0.3 s", True),
        ({"hangs_at": "DATA"}, "no answer within 0.3 s", True),
    ],
)
def test_a_server_that_does_not_take_it_is_reported_in_bounded_time(
    given: dict[str, Any], text: str, down: bool
) -> None:
    begun = time.monotonic()
    with mail_server(**given) as post, pytest.raises(Undelivered) as raised:
        send(smtp(post.port, timeout=0.3 if "hangs_at" in given else 5))
    assert time.monotonic() - begun < 3
    assert (raised.value.message, raised.value.down) == (text, down)


def test_where_nobody_listens_the_connection_is_refused() -> None:
    with pytest.raises(Undelivered, match=r"^connection refused$") as raised:
        smtp(nobody_listens()).send(LETTER)
    assert raised.value.down


def test_a_mail_that_nobody_answered_for_goes_out_again_as_the_same_mail() -> None:
    with mail_server(dies_after_data=1) as post:
        wanted = smtp(post.port)
        with pytest.raises(Undelivered):
            send(wanted)
        send(wanted)
    first, second = post.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first == second


HEADERS = ["Bcc: all@example.com", "王芳\r\nBcc: all@example.com", "x\x1b[31m", '"a" <b@c>', "王" * 200]


@pytest.mark.parametrize("text", HEADERS)
def test_what_people_typed_ends_no_header(text: str) -> None:
    with mail_server() as post:
        send(smtp(post.port), LETTER._replace(name=text, subject=f"opp: {text}"))
    (got,) = post.mails
    assert got.message["Bcc"] is None
    assert got.message["To"].addresses[0].addr_spec == "wang@example.com"
    assert got.text.splitlines() == LETTER.text.splitlines()


@pytest.mark.parametrize("ending", [".", "..", "a\n.\nb", "x" * 3_000])
def test_dots_and_long_lines_arrive(ending: str) -> None:
    text = f"a digest\n{ending}"
    with mail_server() as post:
        send(smtp(post.port), LETTER._replace(text=text))
    assert post.mails[0].text.splitlines() == text.splitlines()
    assert max(map(len, post.mails[0].raw.splitlines())) <= 998


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("wang@example.com", "wang@example.com"),
        ("王芳 <wang@example.com>", "wang@example.com"),
        ("", None),
        (None, None),
        ("wang", None),
        ("@example.com", None),
        ("-oQ/tmp@example.com", None),
        ("a@b\r\nRCPT TO:<c@d>", None),
        ("a b@example.com", None),
    ],
)
def test_what_is_an_address(text: str | None, bare: str | None) -> None:
    assert mailbox(text) == bare


SENDMAIL = """#!/bin/sh
printf '%s\\n' "$@" > {folder}/words
cat > {folder}/mail
{end}
"""


def sendmail(folder: Path, end: str = "", timeout: float = 5) -> Any:
    path = folder / "sendmail"
    path.write_text(SENDMAIL.format(folder=folder, end=end))
    path.chmod(0o755)
    return channel(kind="sendmail", path=str(path), sender=FROM, timeout=timeout)


@pytest.mark.parametrize("email", [None, "", "nobody at home"])
def test_who_has_no_address_gets_no_mail(email: str | None) -> None:
    with pytest.raises(Undelivered, match="wang has no usable mail address"):
        envelope(LETTER._replace(email=email), FROM)


def test_sendmail_gets_the_mail_and_the_addresses(tmp_path: Path) -> None:
    sendmail(tmp_path).send(LETTER)
    words = (tmp_path / "words").read_text().splitlines()
    raw = (tmp_path / "mail").read_bytes()
    assert words == ["-i", "-f", "opp@example.com", "--", "wang@example.com"]
    assert f"Message-ID: <opp.{LETTER.key}@example.com>\n".encode() in raw
    assert b"\r" not in raw


@pytest.mark.parametrize(
    ("end", "text", "down"),
    [
        ("echo 'mail system is full' >&2; exit 75", "sendmail: exit 75: mail system is full", False),
        ("sleep 30", "sendmail was not done within 0.5 s", True),
    ],
)
def test_a_sendmail_that_fails_is_reported(tmp_path: Path, end: str, text: str, down: bool) -> None:
    begun = time.monotonic()
    with pytest.raises(Undelivered) as raised:
        sendmail(tmp_path, end, 0.5 if down else 5).send(LETTER)
    assert (raised.value.message, raised.value.down) == (text, down)
    assert time.monotonic() - begun < 3


def test_the_text_is_chinese() -> None:
    """What the tests above send is what needs encoding."""
    assert not TEXT.isascii()
