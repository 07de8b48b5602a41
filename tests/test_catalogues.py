"""The catalogues hold every text of the program, each in Chinese with the same places, and none that nobody says."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from command_line import InProcess
from sources import teardown_module, trees

from oppcli.speech import CATALOGUES
from oppcli.speech.catalogues import DOMAINS, FOLDER, compiled, faults_of, places, read, states, written
from oppcli.speech.codes import CODES
from oppcli.speech.compiled import Compiled
from oppcli.speech.texts import HELP, Text, of_docstring, texts

__all__ = ["teardown_module"]
found_states = cache(states)


def test_every_text_is_translated_once_with_its_places_and_none_is_stale() -> None:
    assert [line for state in found_states() for line in state.complaints()] == []


def test_a_sentence_has_the_same_names_wherever_it_is_told() -> None:
    """Told under two names of its values it has to be translated twice, and one of the two is forgotten."""
    told = defaultdict(list)
    for domain in DOMAINS:
        for (context, text), chinese in read(FOLDER / f"{domain}.po").items():
            if len(re.sub(r"\{[^{}]*\}|\W", "", text)) > 8:
                told[context, *_nameless(text, chinese)].append(text)
    assert [texts for texts in told.values() if len(texts) > 1] == []


def _nameless(text: str, chinese: str) -> tuple[str, str]:
    """Both with numbers for names."""
    names = list(dict.fromkeys(re.findall(r"\{(\w+)", text)))
    first, other = (
        re.sub(r"\{(\w+)", lambda found: f"{{{names.index(found[1]) if found[1] in names else found[1]}", each)
        for each in (text, chinese)
    )
    return first, other


def test_the_catalogues_are_in_order() -> None:
    found = {state.domain: (FOLDER / f"{state.domain}.po").read_bytes() == written(state) for state in found_states()}
    assert found == dict.fromkeys(DOMAINS, True)


def test_the_compiled_catalogues_are_those_of_the_sources() -> None:
    found = {state.domain: (FOLDER / f"{state.domain}.mo").read_bytes() == compiled(state) for state in found_states()}
    assert found == dict.fromkeys(DOMAINS, True), "python -m oppcli.speech"


def test_a_compiled_catalogue_is_looked_into_as_the_standard_library_reads_it() -> None:
    """Each text with and without a context, none that is only near one, and of a file that is not there nothing."""
    wrong, asked = [], 0
    for domain in DOMAINS:
        content = (FOLDER / f"{domain}.mo").read_bytes()
        known, found = GNUTranslations(BytesIO(content)), Compiled(content)
        for context, template in [key for key, text in read(FOLDER / f"{domain}.po").items() if text]:
            for near in filter(None, (template, f"{template} ", template[:-1])):
                told = known.pgettext(context, near) if context else known.gettext(near)
                wrong += [(context, near)] if found.told(context, near) != told else []
                asked += 1
    assert (wrong, asked > 9000) == ([], True)
    assert Compiled(b"").told("state", "pending") == "pending"


def test_no_translation_lacks_a_place_a_flag_or_a_line_end() -> None:
    assert [fault for state in found_states() for fault in state.faults] == []


@pytest.mark.parametrize(
    ("text", "translation", "faults"),
    [
        (Text("opp", "", "{deal} is won", True), "{deal} 已赢单", 0),
        (Text("opp", "", "{n} {n:row|rows}", True), "{n} 行", 0),
        (Text("opp", "", "{deal} is won", True), "商机已赢单", 1),
        (Text("opp", "", "{deal} is won", True), "{deals} 已赢单", 1),
        (Text("opp", "", "{deal} is won", True), "{deal 已赢单", 1),
        (Text("help", "", "--out takes {it}"), "--out 接受 {it}", 0),
        (Text("help", "", "--out writes"), "写出", 1),
        (Text("help", "", "a\n"), "甲", 1),
    ],
)
def test_a_translation_is_refused_for_other_places_flags_or_ends(text: Text, translation: str, faults: int) -> None:
    assert len(list(faults_of(text, translation))) == faults


def test_of_two_versions_put_one_behind_the_other_the_one_that_says_something_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "opp.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\n'
        'msgid "one"\nmsgstr "一"\nmsgid "one"\nmsgstr ""\n\n'
        'msgctxt "state"\nmsgid "two"\nmsgstr ""\nmsgstr "二"\n'
        'msgid ""\n"three\\n"\n"lines"\nmsgstr "三"\n',
        encoding="utf-8",
    )
    assert read(path) == {("", "one"): "一", ("state", "two"): "二", ("", "three\nlines"): "三"}


def test_places_are_told_apart_from_doubled_braces() -> None:
    assert places("{a} {{b}} {n:row|rows}") == {"a", "n"}
    assert places("{a") is None


def test_a_docstring_is_told_by_paragraph_without_its_examples() -> None:
    assert list(of_docstring("Do it.\n\n    Now, or\n    later.\n\n    opp do\n    ")) == ["Do it.", "Now, or later."]


def test_all_kinds_of_texts_are_found() -> None:
    found = set(texts())
    wanted = {
        ("opp", "", "{what} was withdrawn"),
        ("opp", "state", "pending"),
        ("opp", "heading", "EXPECTED CLOSE"),
        ("opp", "heading", "PAYMENT DAYS"),
        ("opp", "", "WHAT IT IS"),
        ("opp", "", ", "),
        ("help", "", "Approvals"),
        ("help", "", "why, for the journal"),
        ("help", "", "at most N rows; 0 for all"),
        ("help", "", "Let somebody act again."),
        ("help", "", "the reader closed the pipe"),
        ("help", "", "A leading ! leaves out: --owner '!li' --tag '!a,b' (quote it: ! means something to shells)."),
    }
    assert wanted - found == set()


def test_the_tool_says_what_is_missing_and_ends_with_1(tmp_path: Path) -> None:
    """On a copy: what it says of the real catalogues is for who writes texts."""
    code = (
        "import sys; from pathlib import Path; from oppcli.speech import catalogues, __main__ as tool;"
        "catalogues.FOLDER = tool.FOLDER = Path(sys.argv[1]);"
        "first = tool.main([]); sys.exit(10 * first + tool.main(['--check']))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "opp.po: not translated: '{what} was withdrawn'" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["help.mo", "help.po", "opp.mo", "opp.po"]


def test_whatever_is_looked_up_while_reads_and_refusals_are_told_is_a_text_of_the_program(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[tuple[str, str]] = set()

    def listening(context: str, text: str) -> str:
        asked.add((context, text))
        return text

    monkeypatch.setitem(CATALOGUES, "zh", listening)
    opp.env["OPP_LANG"] = "zh"
    opp.ok("init --template b2b")
    for line in LINES:
        opp(line)
    known = {(context, text) for _, context, text in texts()}
    looked = {("" if context == HELP else context, text) for context, text in asked}
    unknown = {(context, text) for context, text in looked - known if re.search("[A-Za-z]{2} [a-z]{2}", text)}
    assert unknown == set()
    assert len(asked) > 200


LINES = (
    *("user add ann --name Ann --role sales", "add Plant --customer Acme --amount 500000", "show D-1", "gate D-1"),
    *("deal edit D-1 --set amount=600000", "advance D-1", "submit D-1 qualification", "approve R-1", "inbox", "ls"),
    *("request show R-1", "log", "deal history D-1", "report funnel", "report durations", "report overdue", "doctor"),
    *("report turnaround", "report list", "fields", "config list", "db info", "db check", "audit verify", "board"),
    *("user list", "user whoami", "notices list", "delegate list", "undo --list", "policy simulate", "tick", "home"),
)


def test_every_action_that_an_entry_can_have_is_a_word_of_the_program() -> None:
    modules = [tree for _, tree in trees()]
    kept = {name: value for tree in modules for name, value in _constants(tree)}
    words = (each for tree in modules for each in ast.walk(tree) if isinstance(each, ast.keyword))
    given = [word.value for word in words if word.arg == "action"]
    said = {str(each.value) for each in given if isinstance(each, ast.Constant)}
    said |= {kept[each.id] for each in given if isinstance(each, ast.Name) and each.id in kept}
    assert (len(said) > 30, sorted(said - {*CODES["action"]})) == (True, [])


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for line in tree.body:
        if not isinstance(line, ast.Assign):
            continue
        names, values = line.targets[0], line.value
        several = isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple)
        for name, value in zip(names.elts, values.elts, strict=False) if several else ((names, values),):  # type: ignore[attr-defined]
            if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield name.id, value.value
