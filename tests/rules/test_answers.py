"""What somebody wrote away from the terminal, read: verbs of both languages, codes however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.rules import answers
from oppcli.rules.answers import ALPHABET, Answer, Shown, read
from oppcli.speech import Voice, spoken
from oppcli.words.verdicts import VERDICTS

CODE, OTHER = "K7Q2M9XWPA2RT4BZZ81C", "V7JKPHZ2K79NQ5DV2N57"
TYPED, SECOND = "K7Q2M-9XWPA-2RT4B-ZZ81C", "V7JKP-HZ2K7-9NQ5D-V2N57"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"approve {TYPED}\nfine\nreally", Answer("approve", CODE, "", "fine\nreally")),
        (f"\n\n  Approve: {TYPED.lower()}. \nfine", Answer("approve", CODE, "", "fine")),
        (f"APPROVE {TYPED}\r\nfine\r\n\r\nmore", Answer("approve", CODE, "", "fine")),
        (f"同意 {TYPED}\n价格，可以", Answer("approve", CODE, "", "价格，可以")),
        (f"同意{TYPED}", Answer("approve", CODE)),
        ("同意，Ｋ７Ｑ２Ｍ－９ＸＷＰＡ－２ＲＴ４Ｂ－ＺＺ８１Ｃ", Answer("approve", CODE)),
        (f"拒绝 {TYPED} 价格\n太低", Answer("reject", CODE, "价格", "太低")),
        (f"退回：{TYPED}：资料不全", Answer("return", CODE, "资料不全")),
        (f"提问 {TYPED}\n账期？", Answer("ask", CODE, "", "账期？")),
        (f"reject {TYPED} papers\nno\n> old", Answer("reject", CODE, "papers", "no")),
        (f"approve\nok\n\nOn Monday:\n> approve {TYPED}", Answer("approve", None, "", "ok", (CODE,))),
        (f"approve\n> {TYPED}\n> {SECOND}\n>> {TYPED}", Answer("approve", None, "", "", (CODE, OTHER))),
        (f"approve {TYPED} gladly", Answer("approve", CODE, "gladly")),
        (f"approve gladly {TYPED}", Answer("approve", None, f"gladly {TYPED}", "", (CODE,))),
        (f"approve\n{TYPED}\nfine", Answer("approve", None, "", "fine", (CODE,))),
        (f"approve reject {TYPED}", Answer("approve", None, f"reject {TYPED}", "", (CODE,))),
        (f"fine\n> approve {TYPED}", Answer(None, None, "", "", (CODE,))),
        (f"> approve {TYPED}", Answer(None, None, "", "", (CODE,))),
        (f"approved {TYPED}", Answer(None, None, "", "", (CODE,))),
        ("approve K7Q2M-9XWPA-2RT4B-ZZ8UC", Answer("approve", None, "K7Q2M-9XWPA-2RT4B-ZZ8UC")),
        ("approve K7Q2M-9XWPA-2RT4B", Answer("approve", None, "K7Q2M-9XWPA-2RT4B")),
        (f"approve\n> R-31.2 {DIGEST}", Answer("approve", None, "", "", (), (Shown(31, 2, DIGEST),))),
        ("", Answer(None)),
        ("hello\nworld", Answer(None)),
    ],
)
def test_an_answer_is_its_first_line_and_the_text_below_it(text: str, answer: Answer) -> None:
    assert read(text) == answer


def test_no_code_is_told_in_what_is_said_of_an_answer() -> None:
    assert answers.masked(f"gladly {TYPED.lower()}, as {SECOND}") == "gladly …, as …"


def test_only_what_has_a_code_or_says_what_it_answers_decides() -> None:
    texts = ("approve", "reject this please", f"approve {TYPED}", f"ok\n{TYPED}", f"同意\n\nR-1.1 {DIGEST}", "")
    assert [read(text).decides for text in texts] == [False, False, True, True, True, False]


numbers = st.integers(0, 2**answers.BITS - 1)


@given(numbers)
def test_a_code_is_read_as_it_was_written_and_told_from_every_other(number: int) -> None:
    code = answers.code(number)
    place = {letter: value for value, letter in enumerate(ALPHABET)}
    back = sum(place[letter] << (5 * at) for at, letter in enumerate(reversed(code)))
    assert (back, answers.canonical(answers.written(code))) == (number, code)


@given(numbers, st.sampled_from([(name, word) for name, words in VERDICTS.items() for word in words]), st.data())
def test_however_it_is_typed_it_is_the_same_answer(number: int, verb: tuple[str, str], data: st.DataObject) -> None:
    code = answers.code(number)
    swap = {"0": "0oO", "1": "1iIlL"}
    letters = [data.draw(st.sampled_from(swap.get(one, one + one.lower()))) for one in answers.written(code)]
    dash = data.draw(st.sampled_from("-‐‑–—－"))
    between = data.draw(st.sampled_from((" ", ": ", "，", "\t", "：")))
    lines = data.draw(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1), max_size=3))
    said = [line for line in lines if not line.startswith(">")]
    written = "".join(letters).replace("-", dash)
    text = "\n".join([f"{data.draw(st.sampled_from((verb[1], verb[1].upper())))}{between}{written}", *said, "", "x"])
    assert read(text) == Answer(verb[0], code, "", "\n".join(said))


@given(st.text())
def test_no_text_at_all_makes_it_fail_and_none_without_a_code_decides(text: str) -> None:
    found = read(text)
    assert found.decides == bool(found.code or found.quoted or found.shown)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_line_that_people_are_told_to_write_is_a_yes_in_every_language(lang: str) -> None:
    from oppcli.actions.codes import first_line

    assert read(spoken(first_line(TYPED), Voice(lang=lang))) == Answer("approve", CODE)
