"""Answers as they come in mails and files: which text is read, who sent it, what mail servers said of it."""

from email.message import EmailMessage

import pytest

from oppcli.files.answers import is_vouched, read
from oppcli.rules.answers import Answer

CODE, TYPED = "K7Q2M9XWPA2RT4BZZ81C", "K7Q2M-9XWPA-2RT4B-ZZ81C"


def mail(text: str, html: str = "", attached: str = "") -> bytes:
    made = EmailMessage()
    made["From"], made["Message-ID"] = "Chen <chen@example.com>", "<a@b>"
    made["Date"] = "Mon, 02 Mar 2026 10:00:00 +0800"
    made.set_content(text) if text else made.set_content(html, subtype="html")
    if text and html:
        made.add_alternative(html, subtype="html")
    if attached:
        made.add_attachment(attached, filename="a.txt")
    return bytes(made)


def test_the_plain_text_of_a_mail_is_read_and_neither_its_html_nor_what_is_attached() -> None:
    found = read(mail(f"reject {TYPED} price\nno", html=f"<p>approve {TYPED}</p>", attached=f"approve {TYPED}"))
    assert found is not None
    assert (found.answer, found.senders, found.formatted) == (
        Answer("reject", CODE, "price", "no"),
        ("chen@example.com",),
        False,
    )
    assert (found.message_id, found.at) == ("a@b", 1_772_416_800_000)


def test_a_mail_of_html_alone_is_known_for_one_and_a_mail_without_a_code_is_no_answer() -> None:
    found = read(mail("", html=f"<p>approve {TYPED}</p>"))
    assert found is not None and found.formatted
    assert read(mail("approve")) is None
    assert read(mail("see below", attached=f"approve {TYPED}")) is None


def test_a_file_that_nobody_sent_is_an_answer_if_it_decides() -> None:
    found = read(f"\ufeffapprove {TYPED}\nfine".encode())
    assert found is not None and found.senders is None
    assert found.answer == Answer("approve", CODE, "", "fine")
    assert read(b"hello") is None and read(b"") is None and read(b"\xff\xfe\x00") is None


def test_a_mail_whose_sender_was_taken_out_is_no_file_with_a_verb() -> None:
    found = read(f"Received: by mx\nSubject: x\n\napprove {TYPED}".encode())
    assert found is not None and found.answer.verb is None


@pytest.mark.parametrize(
    ("results", "vouched"),
    [
        ((), False),
        (("mx.example.com; dmarc=pass header.from=a.com",), True),
        (("MX.example.com 1; spf=fail; DMARC=Pass (p=NONE)",), True),
        (("mx.example.com; dmarc=fail (dmarc=pass)",), False),
        (("mx.example.com; spf=pass (; dmarc=pass;)",), False),
        (("mx.example.com; spf=pass (a (b; dmarc=pass) c)",), False),
        (("mx.example.com; dmarc=fail; dmarc=pass",), False),
        (("mx.example.com; dkim=pass; dmarc=none",), False),
        (("(x) mx.example.com;\n dmarc=pass",), True),
        (("mx.example.com.evil.com; dmarc=pass",), False),
        (("other.com; dmarc=pass", "mx.example.com; dmarc=pass"), True),
        (("mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"), False),
    ],
)
def test_only_the_topmost_word_of_the_server_counts_and_nothing_in_comments(
    results: tuple[str, ...], vouched: bool
) -> None:
    assert is_vouched(results, "mx.example.com") is vouched
