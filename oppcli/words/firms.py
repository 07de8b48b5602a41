"""Names of companies in the form in which two spellings of one are equal: without signs, accents and legal forms.

In letters the legal form is what trails, never what stands inside: `Company of Wolves` keeps its word. In Han a place
in brackets goes in front, `有限公司` and its like go from the end, and 省 and 市 from behind a leading place.
"""

import re

from oppcli.model.records import folded

LEGAL = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg kgaa ug ev sa sas sarl "
    "srl srls spa snc nv bv bvba oy oyj ab as asa aps kk kft zrt sro doo sl slu lda ltda sdn bhd pte pty pvt "
    "private tbk jsc ooo and".split()
)
"""Words of a legal form, and the `and` of `& Co`; of two or three single letters, too (`A/S`, `K. K.`)."""
TRAILING = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "总公司", "總公司"),
    *("集团", "集團", "公司", "株式会社"),
)
BRANCH = "分公司"
"""What is a part of a company is not the company."""
GROUP = ("集团", "集團")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
_ANY_HAN = f"[{_HAN}]"
"""Patterns with Han are compiled by the first text that has some: the four together take 6 ms."""
_VANISH = str.maketrans("", "", ".'’‘ʼ`´′")
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "&": " and "}
)
_ACCENT = re.compile("[\u0300-\u036f]")
_BRACKETS = rf"[(（]\s*([{_HAN}]{{2,3}})\s*[)）]"
_PLACE = rf"^([{_HAN}]{{2}}|[{_HAN}]{{2}}[^城超都集门夜股])([省市])(?=.)"
"""A place and what kind of place it is; 上海城市 and 华联超市 are none."""
_SIGNS = re.compile(r"[\W_]+")
_BESIDE_HAN = rf"(?<=[{_HAN}]) | (?=[{_HAN}])"


def holds_han(text: str) -> bool:
    """Whether it has a Chinese character."""
    return not text.isascii() and re.search(_ANY_HAN, text) is not None


def firm(name: str) -> str:
    """The normal form of a company's or a person's name; empty for one that is nothing but signs."""
    text = unaccented(name.translate(_VANISH)).translate(_VANISH).translate(_PLAIN)
    if not holds_han(text):
        return _latin(_SIGNS.sub(" ", text).split())
    return _han(text)


def unaccented(text: str) -> str:
    """Folded, without the accents of letters; a voiced kana stays itself."""
    text = folded(text)
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFKC", _ACCENT.sub("", normalize("NFKD", text)))


def _latin(words: list[str]) -> str:
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    return " ".join(words[: len(words) - _legal(words)])


def _legal(words: list[str]) -> int:
    """How many words at the end are of a legal form; one at least is left."""
    left = len(words)
    while left > 1:
        taken = next((size for size in (1, 2, 3) if left > size and _is_legal(words[left - size : left])), 0)
        if not taken:
            break
        left -= taken
    return len(words) - left


def _is_legal(words: list[str]) -> bool:
    return (len(words) == 1 or all(len(word) == 1 for word in words)) and "".join(words) in LEGAL


def _han(text: str) -> str:
    fronts = [place for place in re.findall(_BRACKETS, text) if place not in GROUP]
    rest = re.sub(_BRACKETS, lambda found: f" {found[1]} " if found[1] in GROUP else " ", text)
    text = _latin(_SIGNS.sub(" ", " ".join((*fronts, rest))).split())
    return _unplaced(_untrailed(re.sub(_BESIDE_HAN, "", text)))


def _untrailed(text: str) -> str:
    """Without the legal forms at its end, while two characters remain."""
    while not text.endswith(BRANCH):
        word = next(filter(text.endswith, TRAILING), None)
        if word is None or len(text) - len(word) < 2:
            break
        text = text[: -len(word)].rstrip()
    return text


def _unplaced(text: str) -> str:
    """Without the 省 and the 市 of the places it begins with: 浙江省杭州市西湖 is 浙江杭州西湖."""
    province = re.match(_PLACE, text)
    if province is None:
        return text
    place, kind = province.groups()
    rest = text[province.end() :]
    return place + (_unplaced(rest) if kind == "省" else rest)
