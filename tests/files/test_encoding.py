"""Which encoding a file is in, and where it stops being one."""

import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oppcli.files.encodings import CHUNK, Unknown, detect, find_fault

SIMPLIFIED = "编号,客户,阶段,金额\n1,上海精密仪器有限公司,报价,800000\n2,北京科技,谈判,1200.50\n"
TRADITIONAL = "編號,客戶,階段,金額\n1,台灣積體電路製造股份有限公司,報價,800000\n2,鴻海精密工業,談判,1200\n"
GERMAN = "Kunde,Stadt\nMüller & Söhne,Zürich\nGroßmann – „Test“,Köln\nPreis 5 €,Orléans\n"
ONE_WORD = "id,title\n1,{}\n"
CASES = [
    *[(SIMPLIFIED, name) for name in ("gb18030", "gbk", "gb2312")],
    (TRADITIONAL, "big5"),
    (GERMAN, "cp1252"),
    (ONE_WORD.format("北京"), "gbk"),
    (ONE_WORD.format("台北"), "big5"),
    (ONE_WORD.format("Müller"), "cp1252"),
    (ONE_WORD.format("L’Oréal"), "cp1252"),
    (ONE_WORD.format("𠮷野家 😀"), "gb18030"),
    *[
        (text, name)
        for text in (SIMPLIFIED, TRADITIONAL, GERMAN, ONE_WORD.format("plain"))
        for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
        if name != "utf-32" or text == SIMPLIFIED
    ],
]
LINE_ENDS = ("\n", "\r\n", "\r")


@pytest.mark.parametrize("end", LINE_ENDS, ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_file_reads_as_it_was_written(text: str, encoding: str, end: str) -> None:
    written = text.replace("\n", end)
    raw = written.encode(encoding)
    if encoding == "utf-32":
        raw = raw if raw[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff") else b"\xff\xfe\0\0" + raw
    assert raw.decode(detect(io.BytesIO(raw))) == written


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp1252"])
def test_the_encoding_is_told_from_all_of_a_long_file(encoding: str) -> None:
    text = {"gb18030": SIMPLIFIED, "big5": TRADITIONAL, "cp1252": GERMAN}[encoding]
    raw = b"plain,ascii\n" * 200_000 + text.encode(encoding)
    assert len(raw) > 2 * CHUNK
    assert detect(io.BytesIO(raw)) == encoding


@pytest.mark.parametrize(
    ("raw", "encoding", "line"),
    [
        (b"a,b\r\n1,2\r\n\xff\xfe", "utf-8", 3),
        (b"a,b\r1,2\r\xff", "utf-8", 3),
        (b"\n" * 9 + b"\x81", "gb18030", 10),
        (b"ok\n" * 500_000 + b"\xff", "utf-8", 500_001),
        (b"x" * (CHUNK - 1) + b"\r\n\xff", "utf-8", 2),
        (b"x" * (CHUNK - 1) + b"\r\n" + b"y" * CHUNK + b"\xff", "utf-8", 2),
        ("a\nb\n".encode("utf-16-le") + b"\x00\xd8", "utf-16-le", 3),
    ],
)
def test_bytes_that_are_not_the_encoding_are_named_by_their_line(raw: bytes, encoding: str, line: int) -> None:
    fault = find_fault(io.BytesIO(raw), encoding)
    assert fault is not None
    assert fault.line == line


def test_a_nul_is_named_by_its_line_and_is_no_encoding() -> None:
    with pytest.raises(Unknown) as caught:
        detect(io.BytesIO(b"a,b\n1,\0\n"))
    assert caught.value.fault.line == 2
    assert "NUL" in caught.value.fault.what


def test_bytes_that_no_encoding_reads_are_refused() -> None:
    with pytest.raises(Unknown):
        detect(io.BytesIO(b"a,b\n1,\x81\x20\xff\n"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_every_text_in_utf_8_is_read_as_utf_8(text: str) -> None:
    assert "key,title\n" + text == ("key,title\n" + text).encode().decode(
        detect(io.BytesIO(("key,title\n" + text).encode()))
    )


@given(
    st.text(
        alphabet="的一是不了在人有我他这中大来上国公司科技有限股份集团设备工程项目客户报价合同", min_size=2, max_size=60
    )
)
def test_everyday_chinese_in_gbk_is_told_from_big5_and_western_text(text: str) -> None:
    raw = f"id,title\n1,{text}\n".encode("gbk")
    assume(find_fault(io.BytesIO(raw), "utf-8") is not None)
    assert detect(io.BytesIO(raw)) == "gb18030"


@given(st.text(alphabet="äöüÄÖÜßéèêàçñ", min_size=1, max_size=1), st.text(alphabet="abcxyz", min_size=1, max_size=9))
def test_an_accent_within_western_letters_is_western(accent: str, letters: str) -> None:
    word = letters + accent + letters
    assert detect(io.BytesIO(f"id,title\n1,{word}\n".encode("cp1252"))) == "cp1252"
