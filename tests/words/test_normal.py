"""The normal form of a value by the type of its field: what two spellings of one thing have in common."""

import pytest

from oppcli.words.firms import firm, holds_han
from oppcli.words.normal import address, host, normal, phone, whole

NAMES = {
    "The Acme Co., Ltd.": "acme",
    "ACME, Inc.": "acme",
    "Ａｃｍｅ": "acme",
    "U.S. Steel Corp.": "us steel",
    "O'Reilly Media, Inc.": "oreilly media",
    "O’Reilly Media": "oreilly media",
    "Møller A/S": "moller",
    "Café Noir K. K.": "cafe noir",
    "Müller GmbH & Co. KG": "muller",
    "Straße AG": "strasse",
    "Foo Sdn. Bhd.": "foo",
    "Bar Pte. Ltd.": "bar",
    "Johnson & Johnson": "johnson and johnson",
    "AT&T": "at and t",
    # A legal word inside stays.
    "Company of Wolves Inc": "company of wolves",
    "Limited Brands LLC": "limited brands",
    # A word remains.
    "The": "the",
    "Co": "co",
    "The Limited": "limited",
    "精密（上海）有限公司": "上海精密",
    "精密(上海)有限公司": "上海精密",
    "上海精密有限公司": "上海精密",
    "上海市精密有限责任公司": "上海精密",
    "上海精密（集团）股份有限公司": "上海精密",
    "上海精密集团公司": "上海精密",
    "浙江省杭州市西湖电子总公司": "浙江杭州西湖电子",
    "黑龙江省哈尔滨市北方机械": "黑龙江哈尔滨北方机械",
    "上海 精密": "上海精密",
    # What is a part of a company is not the company, and two characters remain.
    "上海精密有限公司北京分公司": "上海精密有限公司北京分公司",
    "有限公司": "有限公司",
    "中总公司": "中总公司",
    # 市 that is part of a word is none of a place.
    "上海城市建设": "上海城市建设",
    "华联超市集团": "华联超市",
    "トヨタ自動車株式会社": "トヨタ自動車",
    "ガス": "ガス",
    "이마트 주식회사": "이마트 주식회사",
    "ABC（中国）有限公司": "中国abc",
    "上海ABC Co., Ltd.": "上海abc",
    "!!!": "",
    "": "",
}
PHONES = {
    "021-5888 1234 转 8001": "862158881234",
    "021-58881234-8001": "862158881234",
    "+86 21 58881234": "862158881234",
    "0086 21 5888 1234": "862158881234",
    "（０２１）５８８８１２３４": "862158881234",
    "13800138000": "8613800138000",
    "138-0013-8000": "8613800138000",
    "86-13800138000": "8613800138000",
    "+44 (0)20 7946 0958 ext. 7": "442079460958",
    "nobody": "",
}
HOSTS = {
    "https://www.Acme.com/about?x=1": "acme.com",
    "acme.com:8080": "acme.com",
    "http://user@acme.com/": "acme.com",
    "wang@acme.com": "acme.com",
    "http://例子.中国/": "例子.中国",
    "li@163.com": "",
    "qq.com": "",
    "portal.example": "",
    "unknown": "",
}


def test_names_are_one_without_signs_accents_and_legal_words() -> None:
    assert {name: firm(name) for name in NAMES} == NAMES


def test_a_normal_name_is_normal_already() -> None:
    forms = [form for form in map(firm, NAMES) if form]
    assert [firm(form) for form in forms] == forms


def test_phones_are_digits_with_the_code_of_their_country_and_no_extension() -> None:
    assert {text: phone(text, "86") for text in PHONES} == PHONES


def test_a_national_phone_gets_the_code_of_the_policy() -> None:
    assert (
        phone("(312) 386-5286", "1") == phone("1-312-386-5286", "1") == phone("+1 312.386.5286", "1") == "13123865286"
    )


def test_a_site_is_its_host_and_that_of_a_public_provider_is_none() -> None:
    assert {text: host(text, ("portal.example",)) for text in HOSTS} == HOSTS


def test_addresses_are_one_without_words_of_streets_and_directions() -> None:
    assert address("221 E. 51st St.") == address("221 East 51st Street") == "221 51st"
    assert address("No. 88, Zhangjiang Rd.\nPudong") == "no 88 zhangjiang pudong"
    assert address("上海市 浦东新区，张江路 88 号") == "上海市浦东新区张江路88号"
    assert address("North Street") == "north street"


def test_anything_else_is_folded_whole() -> None:
    assert whole(" ９１３１  ab ") == normal("text", "9131 AB") == "9131 ab"
    assert normal("email", "Wang Wei <Wang@Acme.COM>") == "wang@acme.com"


@pytest.mark.parametrize(
    ("text", "holds"), [("abc", False), ("トヨタ", False), ("上a", True), ("𠀀", True), ("이마트", False)]
)
def test_what_is_written_in_han_is_told(text: str, holds: bool) -> None:
    assert holds_han(text) is holds
