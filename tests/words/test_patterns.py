"""Patterns of the team's own fields can be tried in bounded time, or are refused."""

import pytest

from oppcli.words.patterns import LONGEST_TEXT, fits, hazard

SAFE = [
    "[A-Z]{2}-[0-9]{4}",
    r"\d{4}-\d{2}-\d{2}",
    r"(?:\+86)?1[3-9]\d{9}",
    "[A-C]",
    "SO-.+/.+",
    r"a*b*c*",
    r"(ab)+",
    r"(red|green|blue)",
    r"\((a|b)\)",
    r"[(|)+*]+x",
    r"\++",
    "",
    "red|green|blue|white|black|grey|brown|pink|gold|silver|cyan|lime|teal",
    "第[一二三四]季度",
    r"https?://[^/]+/.*",
    r"(a+)(b|c)?",
    r"(\d{1,3}\.){3}\d{1,3}",
    r"([A-Z]{2}\d?){6}",
    r"(\d{3,4} ){3,7}",
    r"[0-9A-Z]{18}|[0-9]{15}",
    r"(ab){150}",
    "|".join(f"A{n}" for n in range(200)),
]
UNSAFE = [
    "(a+)+$",
    "(a*)*",
    "(a|aa)+",
    "(a|b)*c",
    "((a)|b)*",
    "(a?)+",
    "(?:a{2,3}b)+",
    "(?P<x>a+)*",
    "((ab)+c)*",
    r"(a)\1",
    "(?P<x>a)(?P=x)",
    "(a)?(?(1)b|c)",
    "a*b*c*d*",
    "a{1,}b{2,}c+d+",
    "(a+){1,500}",
    "(a+){,99}",
    "(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)",
    "a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaa",
    "(a{1,9}){1,9}[ab]",
    "((a{1,9}){1,9}){1,9}",
    "(?:a?){30}a{30}",
    "(a|aa){40}",
    "(a|aa|aaa|aaaa){15}",
    "a{1,20}" * 10,
]


@pytest.mark.parametrize("pattern", SAFE)
def test_what_people_write_for_the_form_of_a_number_may_be_tried(pattern):
    assert hazard(pattern) is None


@pytest.mark.parametrize("pattern", UNSAFE)
def test_what_could_take_for_ever_may_not(pattern):
    assert hazard(pattern) is not None


def test_a_pattern_with_a_hazard_is_never_tried():
    assert not fits("(a+)+$", "a" * 40 + "!")
    assert not fits("(a+)+$", "aaa")


def test_the_whole_text_has_the_form_and_a_long_one_never():
    assert fits("[a-z]+", "abc")
    assert not fits("[a-z]+", "abc1")
    assert fits("a+", "a" * LONGEST_TEXT)
    assert not fits("a+", "a" * (LONGEST_TEXT + 1))
