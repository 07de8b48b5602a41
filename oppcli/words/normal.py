"""The normal form of a value by the type of its field: two spellings of one thing share it, and duplicates are looked
up by it. An empty one is like nothing.
"""

import re
from collections.abc import Collection

from oppcli.model.records import folded
from oppcli.words.firms import firm, holds_han, unaccented

NAME, PHONE, EMAIL, URL, ADDRESS = "name", "phone", "email", "url", "address"
PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp yahoo.co.uk ymail.com "
    "aol.com icloud.com me.com mac.com proton.me protonmail.com gmx.com gmx.de gmx.net web.de t-online.de mail.com "
    "mail.ru yandex.ru yandex.com zoho.com fastmail.com orange.fr free.fr laposte.net libero.it naver.com daum.net "
    "hanmail.net qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn wo.cn "
    "aliyun.com 21cn.com tom.com vip.qq.com vip.163.com vip.126.com vip.sina.com weibo.com weixin.qq.com".split()
)
"""Mail for everybody: that two have it says nothing of them."""
LONGEST = 200
_EXTENSION = re.compile(r"(?:(?:ext(?:ension)?\.?|x|分机号?|转|轉|内线|#|;ext=)[\s:.]*|(?<=\d{7})-)\d{1,6}\s*$")
"""`转 8001`, `ext. 8`, or as in 021-58881234-8001."""
_TRUNK = re.compile(r"\(0\)")
_CALLED = re.compile(r"[+(]?[0-9][0-9()/.\- ]*")
FEWEST_CALLED = 7
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//|^mailto:", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
STREETS = frozenset(
    "street st avenue ave av road rd boulevard blvd drive dr lane ln court ct place pl square sq terrace ter "
    "parkway pkwy highway hwy circle cir way north south east west northeast northwest southeast southwest n s e w "
    "ne nw se sw".split()
)
"""Words of streets and directions, which one list has and another leaves out."""


def normal(kind: str, text: str, country: str = "", public: Collection[str] = ()) -> str:
    """The normal form of a value of a field of this type, at most a line; `country` is the code that a phone without
    one has, `public` are hosts besides the well-known ones that match nothing."""
    if kind == NAME:
        return firm(text)
    if kind == PHONE:
        return phone(text, country)
    if kind == URL:
        return host(text, public)
    if kind == EMAIL:
        return mail(text)
    return address(text) if kind == ADDRESS else whole(text)


def phone(text: str, country: str = "") -> str:
    """Digits with the country's code, without an extension: `021-5888 1234 转 8001` in 86 is `862158881234`."""
    plain = _EXTENSION.sub("", folded(_TRUNK.sub("", folded(text))))
    digits = "".join(c for c in plain if c.isascii() and c.isdigit())
    if not digits or not country or "+" in plain.partition(digits[:1])[0]:
        return digits
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith(country) and len(digits) >= len(country) + 10:
        return digits
    return country + digits.removeprefix("0")


def digits_in_all(text: str) -> str:
    """Of a phone number the digits that stand in every spelling of it, with the country's code or without, with a 0
    before it or without: `+86 138 0013 8000` and `138-0013-8000` both hold `3800138000`. Nothing where the text is no
    number that somebody is called by."""
    plain = _EXTENSION.sub("", _TRUNK.sub("", folded(text))).strip()
    digits = "".join(letter for letter in plain if letter.isdigit())
    if not _CALLED.fullmatch(plain) or len(digits) < FEWEST_CALLED:
        return ""
    # No code of a country is longer than three.
    return digits.removeprefix("00")[3:] if plain.startswith(("+", "00")) else digits.removeprefix("0")


def host(text: str, public: Collection[str] = ()) -> str:
    """The host of an address on the net without `www.`, or of a mail address; nothing for a public provider's."""
    plain = _HOST.sub("", folded(text).strip())
    found = (
        re.split(r"[/?#\s]", plain, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].strip(".").removeprefix("www.")
    )
    return "" if found in PROVIDERS or found in public or "." not in found else found


def mail(text: str) -> str:
    """A mail address in small letters, without the name before it."""
    from oppcli.words.emails import parted

    found = parted(text)[1]
    return folded(found or "").strip().removeprefix("mailto:")


def address(text: str) -> str:
    """Folded, without signs, words of streets and directions; in Han without blanks."""
    words = _SIGNS.sub(" ", unaccented(text).replace(".", "")).split()
    if holds_han(text):
        return "".join(words)
    kept = [word for word in words if word not in STREETS]
    return " ".join(kept or words)


def whole(text: str) -> str:
    """Folded whole: blanks in a row are one."""
    return " ".join(folded(text).split())
