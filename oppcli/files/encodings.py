"""Which encoding a file is in, told from its bytes alone, and where it stops being that encoding."""

import codecs
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import BinaryIO

from oppcli.model.said import say
from oppcli.tuples import NamedTuple

CHUNK = 1 << 20
SAMPLE = 1 << 16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Pairs of bytes that are everyday characters of the encoding (group 1), any other pair (2), a single byte (3).
# GB 2312 level 1 is B0-D7 with trail bytes from A1, and four bytes with digits are GB 18030's own; Big5 level 1 is
# A4-C6; A1-A3 are punctuation in both.
_GB = re.compile(
    rb"([\xb0-\xd7\xa1-\xa3][\xa1-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])"
    rb"|([\x81-\xfe][\x40-\xfe])|([\x80-\xff])"
)
_BIG5 = re.compile(rb"([\xa4-\xc6\xa1-\xa3][\x40-\x7e\xa1-\xfe])|([\x81-\xfe][\x40-\xfe])|([\x80-\xff])")
# In western text an accented letter, quote, dash or currency sign stands between ASCII characters, seldom two of them.
_WESTERN = re.compile(
    rb"(?<![\x80-\xff])[\x80\x85\x8a\x8c\x8e\x91-\x97\x99\x9a\x9c\x9e\x9f\xa0\xa3\xa7\xa9-\xab\xae\xb0\xb4\xb7\xba\xbb"
    rb"\xbf-\xd6\xd8-\xf6\xf8-\xff]{1,2}(?![\x80-\xff])"
)
ALONE = 0.5
"""What a Chinese character between ASCII ones counts, and a western letter beside another: both are rare."""
_HIGH = re.compile(rb"[\x80-\xff]")


class Fault(NamedTuple):
    """Where a file cannot be read in an encoding: the line, counted from 1, and what is wrong there."""

    line: int
    what: str


class Unknown(ValueError):
    """No encoding fits; `fault` says how the likeliest one fails."""

    def __init__(self, likeliest: str, fault: Fault) -> None:
        super().__init__(likeliest)
        self.likeliest = likeliest
        self.fault = fault


def detect(stream: BinaryIO) -> str:
    """The Python name of the encoding of a seekable stream: a byte order mark, UTF-16 without one, UTF-8, and then
    the likeliest of GB18030, Big5 and cp1252 that can read all of it. Raises `Unknown`."""
    stream.seek(0)
    head = stream.read(SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _readable(stream, [name])
    wide = _wide(head)
    if wide:
        return _readable(stream, [wide])
    fault = find_fault(stream, "utf-8")
    if fault is None or fault.what == NUL:
        return _readable(stream, ["utf-8"])
    return _readable(stream, _legacy(_high_sample(stream)))


NUL = say("a NUL byte: not a text file")


def find_fault(stream: BinaryIO, encoding: str) -> Fault | None:
    """The first place where the bytes are not this encoding, or hold a NUL; None when all can be read."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines, last = 1, ""
    for chunk in _chunks(stream):
        state = decoder.getstate()
        try:
            text = decoder.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            decoder.setstate(state)
            return Fault(
                lines + _breaks(last + _good_part(decoder, chunk), last),
                say("not {encoding} ({shown})", encoding=encoding, shown=_shown(error)),
            )
        if "\0" in text:
            return Fault(lines + _breaks(last + text[: text.index("\0")], last), NUL)
        lines += _breaks(last + text, last)
        last = text[-1:] if text else last
    return None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The whole stream, and an empty last chunk that tells a decoder there is no more."""
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield chunk
    yield b""


def _breaks(text: str, counted: str = "") -> int:
    """Line ends in `text` (LF, CRLF or CR) beyond those in its beginning `counted`."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - (_breaks(counted) if counted else 0)


def _good_part(decoder: codecs.IncrementalDecoder, chunk: bytes) -> str:
    """What can be decoded of a chunk that cannot be decoded whole."""
    good = []
    try:
        for place in range(len(chunk)):
            good.append(decoder.decode(chunk[place : place + 1]))
    except UnicodeDecodeError:
        pass
    return "".join(good)


def _shown(error: UnicodeDecodeError) -> str:
    return say("byte {object}", object=" ".join(f"{byte:02x}" for byte in error.object[error.start : error.start + 4]))


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: ASCII characters, of which a CSV file has many, leave every second byte NUL."""
    units = len(head) // 2
    if not units or b"\0" not in head:
        return None
    high_last, high_first = head[1::2].count(0), head[0::2].count(0)
    # A stray NUL in a narrow file is one or two; a CSV in UTF-16 has one for every delimiter and line end.
    enough = max(2, units // 50)
    if high_last >= enough and not high_first:
        return "utf-16-le"
    if high_first >= enough and not high_last:
        return "utf-16-be"
    return None


def _high_sample(stream: BinaryIO) -> bytes:
    """Lines of the file that are not ASCII, up to a limit, so that a late Chinese line counts."""
    found = bytearray()
    for chunk in _chunks(stream):
        for line in chunk.splitlines():
            if not line.isascii():
                found += line + b"\n"
        if len(found) > SAMPLE:
            break
    return bytes(found)


def _legacy(sample: bytes) -> list[str]:
    """The three encodings, likeliest first: the share of what is not ASCII that reads as everyday text of each."""
    common = {"gb18030": _chinese(_GB, sample), "big5": _chinese(_BIG5, sample), "cp1252": _western(sample)}
    return sorted(common, key=lambda name: -common[name])


def _chinese(pairs: re.Pattern[bytes], sample: bytes) -> float:
    found = list(pairs.finditer(sample))
    everyday, end = 0.0, -1
    for pair, after in zip_longest(found, found[1:]):
        if pair.lastindex == 1:
            in_a_run = pair.start() == end or (after is not None and after.start() == pair.end())
            everyday += 1 if in_a_run else ALONE
        end = pair.end()
    return everyday / len(found) if found else 0.0


def _western(sample: bytes) -> float:
    high = len(_HIGH.findall(sample))
    everyday = sum(1 if len(found) == 1 else 2 * ALONE for found in _WESTERN.findall(sample))
    return everyday / high if high else 0.0


def _readable(stream: BinaryIO, names: list[str]) -> str:
    """The first of `names` that reads the whole stream."""
    first: Fault | None = None
    for name in names:
        fault = find_fault(stream, name)
        if fault is None:
            return name
        first = first or fault
    assert first is not None
    raise Unknown(names[0], first)
