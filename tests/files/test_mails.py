"""Mails as programs write them: encodings, HTML, what is answered, what is attached, mailboxes of many."""

import base64
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oppcli.errors import UsageError
from oppcli.files import mails


def mail(*headers: str, body: bytes = b"hello") -> mails.Mail:
    head = "\r\n".join(("From: Pat <pat@acme.com>", *headers)).encode("utf-8")
    return mails.read(head + b"\r\n\r\n" + body)


def test_a_mail_says_who_wrote_whom_when_and_what() -> None:
    found = mail(
        "To: li@us.cn, Wang <wang@us.cn>",
        "Cc: zhou@us.cn",
        "Subject: Offer",
        "Date: Mon, 02 Mar 2026 10:00:00 +0100",
        "Message-ID: <1@acme.com>",
    )
    assert found == mails.Mail(
        "1@acme.com",
        mails.Person("Pat", "pat@acme.com"),
        (mails.Person("", "li@us.cn"), mails.Person("Wang", "wang@us.cn"), mails.Person("", "zhou@us.cn")),
        "Offer",
        "hello",
        1_772_442_000_000,
    )


CHINESE = "预算已批，请发合同"
WRITTEN = {
    "gb18030, named gb2312": (["Content-Type: text/plain; charset=gb2312"], (CHINESE + "镕").encode("gb18030"), "镕"),
    "gb18030, named nothing": (["Content-Type: text/plain"], (CHINESE * 5).encode("gb18030"), CHINESE * 4),
    "utf-8 in base64": (
        ["Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: base64"],
        base64.encodebytes(CHINESE.encode()),
        "",
    ),
    "quoted-printable": (
        ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"],
        "".join(f"={byte:02X}" for byte in CHINESE.encode()).encode(),
        "",
    ),
    "an encoding there is not": (["Content-Type: text/plain; charset=klingon"], CHINESE.encode(), ""),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_chinese_is_read_however_it_was_written(way: str) -> None:
    headers, body, more = WRITTEN[way]
    assert mail(*headers, body=body).text == CHINESE + more


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("=?utf-8?B?5oql5Lu3?= =?utf-8?B?5Y2V?=", "报价单"),
        ("=?gb2312?B?scC82w==?= 2", "崩价 2"),
        ("报价单", "报价单"),
        ("a\r\n b", "a b"),
    ],
)
def test_subjects_are_read_in_words_of_any_encoding(subject: str, read: str) -> None:
    assert mail(f"Subject: {subject}").subject == read


def test_a_name_with_a_comma_is_one_person() -> None:
    found = mails.read(b'From: =?utf-8?Q?Doe=2C_Pat?= <pat@acme.com>\nTo: "Li, Lei" <li@us.cn>\n\nhi')
    assert (found.sender, found.receivers) == (
        mails.Person("Doe, Pat", "pat@acme.com"),
        (mails.Person("Li, Lei", "li@us.cn"),),
    )


def test_of_html_alone_the_text_is_read_and_nothing_else() -> None:
    html = "<head><title>x</title><style>p{}</style></head><p>Dear&nbsp;Li,</p><script>evil()</script>yes<br>ok"
    found = mail("Content-Type: text/html; charset=utf-8", body=html.encode())
    assert found.text == "Dear Li,\nyes\nok"


def test_the_plain_text_goes_before_html_and_what_is_attached_is_named() -> None:
    made = EmailMessage()
    made["From"] = "pat@acme.com"
    made.set_content("plain")
    made.add_alternative("<p>rich</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="报价单.pdf")
    made.add_attachment("text in a file", filename="notes.txt")
    found = mails.read(bytes(made))
    assert (found.text, found.attached) == ("plain", ("报价单.pdf", "notes.txt"))


@pytest.mark.parametrize(
    "answered",
    [
        "> 请确认报价\n> li",
        "On Mon, 2 Mar 2026, li wrote:\n\nplease confirm",
        "-----Original Message-----\nFrom: li\nplease",
        "------------------ 原始邮件 ------------------\n发件人: li\n请确认报价",
        "在 2026年3月2日，li <li@us.cn> 写道：\n请确认报价",
    ],
)
def test_what_it_answers_is_not_its_own_words(answered: str) -> None:
    found = mail("Content-Type: text/plain; charset=utf-8", body=f"we think\n\n{answered}".encode())
    assert found.text == "we think"


def test_what_was_forwarded_without_a_word_stays() -> None:
    body = b"-----Original Message-----\nFrom: li\nplease"
    assert "please" in mail(body=body).text


def test_a_long_text_is_cut_and_signs_that_no_text_holds_are_left_out() -> None:
    found = mail(body=b"a\x00b\x1b[31m\r\n" + b"x" * 9000)
    assert (found.text[:7], len(found.text), found.text[-1]) == ("ab[31m\n", mails.LONGEST, "…")


def test_without_an_id_it_is_known_by_what_it_says() -> None:
    assert mail("Subject: a").message_id == mail("Subject: a").message_id != mail("Subject: b").message_id


def test_a_date_that_is_none_is_none() -> None:
    assert [mail(f"Date: {text}").at for text in ("yesterday", "", "Mon, 99 Mar 2026 10:00:00 +0100")] == [None] * 3


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "List-Unsubscribe: <mailto:x@y.z>"],
)
def test_answering_machines_and_lists_are_known(header: str) -> None:
    assert (mail(header).automatic, mail("Auto-Submitted: no").automatic) == (True, False)


def test_a_mailbox_holds_many() -> None:
    box = b"From pat Mon\nFrom: pat@acme.com\n\nhi\n>From here\n\nFrom bob Tue\nFrom: bob@b.com\n\nlo\nFrom us\n"
    found = [mails.read(each) for each in mails.several(box)]
    assert [(each.sender.address, each.text) for each in found] == [
        ("pat@acme.com", "hi\nFrom here"),
        ("bob@b.com", "lo\nFrom us"),
    ]


@pytest.mark.parametrize(
    "raw", [b"", b"no mail at all\n", b"\xff\xfe\x00\x01" * 9, b"Subject: hi\n\nx", b"From: nobody\n\nx"]
)
def test_what_nobody_sent_is_no_mail(raw: bytes) -> None:
    with pytest.raises(UsageError, match="no mail"):
        mails.read(raw)


WHOLE = (
    b"From: =?utf-8?B?5oql5Lu3?= <pat@acme.com>\nTo: li@us.cn\nSubject: =?gb2312?B?scC82w==?=\n"
    b"Date: Mon, 02 Mar 2026 10:00:00 -0000\nMessage-ID: <1@acme.com>\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=gbk\n"
    b"Content-Transfer-Encoding: base64\n\n1qTK6Q==\n--b\n"
    b"Content-Type: application/pdf; name*=utf-8''%E6%8A%A5.pdf\n\nx\n--b--\n"
)


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3)), max_size=12),
    st.lists(
        st.sampled_from([b"\0", b"\xff", b"=?", b"?=", b"\n\n", b"\n", b";", b"<", b"charset=x\0", b"--b"]), max_size=4
    ),
)
@example([(WHOLE.index(b"multipart/mixed") - 1, b"\0")], [])
@example([(WHOLE.index(b"application/pdf"), b"\0a;")], [])
def test_whatever_a_mail_is_made_of_it_is_read_or_refused_and_can_be_kept(
    changes: list[tuple[int, bytes]], more: list[bytes]
) -> None:
    raw = WHOLE
    for place, piece in [*changes, *((17 * n, piece) for n, piece in enumerate(more, 1))]:
        raw = raw[:place] + piece + raw[place + len(piece) // 2 :]
    try:
        found = mails.read(raw)
    except UsageError:
        return
    told = "".join((found.message_id, *found.sender, found.subject, found.text, *found.attached))
    assert [c for c in told.replace("\n", "") if not c.isprintable()] == []


def test_a_mail_in_an_encoding_that_no_name_can_be_is_read() -> None:
    assert mail("Content-Type: text/plain; charset=x\0y", body="报价".encode()).text == "报价"


def test_a_date_without_a_zone_is_told_as_if_it_were_of_greenwich() -> None:
    assert mails.read(WHOLE).at == mails.read(WHOLE.replace(b"-0000", b"+0000")).at == 1_772_445_600_000


def test_parts_within_parts_without_end_are_refused() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500))
    with pytest.raises(UsageError, match="without end"):
        mails.read(b"From: pat@acme.com\n" + deep + b"\nhi")
