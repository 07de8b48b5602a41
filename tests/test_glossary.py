"""The catalogues say the words of the field as the glossary does, and docs/glossary.md shows them.

After a change of the glossary: GOLDEN=write pytest tests/test_glossary.py.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from glossary import EXCEPTIONS, GLOSSARY, Term
from sources import translated

from oppcli.model.said import heading
from oppcli.speech.codes import CODES

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
_PLURAL = re.compile(r"\{\w+:([^{}|]*\|[^{}]*)\}")
_PLACE = re.compile(r"\{[^{}]*\}")


def words(template: str) -> str:
    """What a template says beside its places; both forms of a plural."""
    return _PLACE.sub(" ", _PLURAL.sub(lambda found: found[1].replace("|", " "), template))


def asked(term: Term) -> Iterator[tuple[str, str]]:
    """Templates that have the term, with their Chinese: as a word of its own, not as a part of a flag or key, and in
    sentences, not in samples of files and command lines, which are indented."""
    pattern = re.compile(rf"(?<![\w=`/.-]){re.escape(term.english)}(e?s)?(?![\w=`/-])", re.IGNORECASE)
    for (_, template), text in translated().items():
        if text and not template.startswith("  ") and pattern.search(words(template)):
            yield template, text


def kept(term: Term, text: str) -> bool:
    """Whether the Chinese has the term's, one of its other senses, or the English word, which is a key there."""
    key = rf"(?<![A-Za-z]){re.escape(term.english)}(e?s)?(?![A-Za-z])"
    return any(word in text for word in (term.chinese, *term.also)) or bool(re.search(key, text, re.IGNORECASE))


def excused(template: str) -> bool:
    return any(template.startswith(begins) for begins in EXCEPTIONS)


@pytest.mark.parametrize("term", [term for term in GLOSSARY if not term.coded], ids=lambda term: term.english)
def test_a_term_of_the_field_is_said_in_chinese_as_the_glossary_says_it(term: Term) -> None:
    assert [(template, text) for template, text in asked(term) if not kept(term, text) and not excused(template)] == []


@pytest.mark.parametrize("term", [term for term in GLOSSARY if term.coded], ids=lambda term: term.english)
def test_an_everyday_word_that_is_a_term_is_so_as_a_code(term: Term) -> None:
    code = heading(term.english) if term.coded == "heading" else term.english
    assert (code in CODES[term.coded], translated().get((term.coded, code)) or term.chinese) in (
        (True, term.chinese),
        (False, term.chinese),
    )


def test_every_exception_is_needed() -> None:
    strange = [template for term in GLOSSARY for template, text in asked(term) if not kept(term, text)]
    assert [begins for begins in EXCEPTIONS if not any(each.startswith(begins) for each in strange)] == []


def page() -> str:
    rows = [f"| {term.english} | {term.chinese} | {term.senses} |" for term in GLOSSARY]
    return "\n".join(
        [
            "# Glossary · 术语表",
            "",
            "The words of `opp` in English and in Chinese; a test holds the program to them (`tests/glossary.py`).",
            "程序里的中英文用词以此为准。",
            "",
            "| English | 中文 | in another sense |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def test_the_page_of_the_glossary_is_up_to_date() -> None:
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
