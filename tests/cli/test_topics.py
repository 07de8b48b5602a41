"""The pages of `opp help`: every example in them is true."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from command_line import InProcess

from oppcli import policy
from oppcli.cli import topics
from oppcli.cli.app import root
from oppcli.cli.described import under
from oppcli.cli.topics.examples import DATES, REFUSED, TIMES
from oppcli.cli.topics.fitting import table
from oppcli.cli.topics.pages import PAGES, folder
from oppcli.cli.tree import SECTIONS, TREE
from oppcli.config import SETTINGS
from oppcli.errors import EXIT_CODES, UsageError
from oppcli.render.screen import width
from oppcli.render.wrap import wrapped
from oppcli.speech.texts import texts
from oppcli.words.days import parse_date
from oppcli.words.instants import parse_instant

NOW = {"OPP_NOW": "2026-03-09T09:00:00+08:00", "OPP_TZ": "Asia/Shanghai"}


def ask(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oppcli", "help", *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | NOW, check=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_alone_lists_every_topic_as_it_is_typed(lang: str) -> None:
    listed = [line.split()[0] for line in ask("--lang", lang).stdout.splitlines() if line.startswith("  ")]
    assert listed == list(topics.summaries())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_of_the_program_has_24_lines_begins_where_one_starts_and_names_every_noun(lang: str) -> None:
    command = [sys.executable, "-m", "oppcli", "-h"]
    env = os.environ | {"OPP_LANG": lang, "COLUMNS": "80"}
    shown = subprocess.run(command, capture_output=True, text=True, env=env, check=True).stdout
    lines = shown.splitlines()
    assert len(lines) == 24
    assert [line for line in lines if width(line) > 80 or "…" in line] == []
    start = "init add note next ls show gate advance submit inbox approve board report import".split()
    assert re.findall("[a-z]+", " ".join(re.split("  +", line)[1] for line in lines[3:13])) == start
    assert " ".join(re.sub(r"^  \S+ ", "", line) for line in lines[14:21]).split() == [
        name for section in SECTIONS for name, place in TREE.items() if place.section == section
    ]


def test_every_page_of_the_documents_is_a_topic() -> None:
    docs = Path(__file__).parents[2] / "docs"
    names = {str(path.relative_to(docs)).split(".")[0] for path in docs.rglob("*.md")}
    assert names == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_topic_shows_the_page_of_the_documents_whole(name: str) -> None:
    text = re.sub(r"<!--.*?-->", "", (folder() / f"{name}.md").read_text("utf-8"), flags=re.S)
    shown = ask(name).stdout
    assert "".join(text.split()) in "".join(shown.split())


def test_a_page_that_is_there_in_chinese_is_shown_in_chinese() -> None:
    assert ask("first-week", "--lang", "zh").stdout.startswith("# 一个团队的第一周")


def test_help_names_topics_and_no_files_of_the_documents() -> None:
    """`docs/reports.md` is nowhere where the program was installed."""
    found = [text.template for text in texts().values() if "docs/" in text.template]
    assert found == []


def test_help_of_commands_names_every_command_and_every_flag_that_all_know() -> None:
    shown = ask("commands").stdout
    missing = [" ".join(path) for path, _ in under(root()) if f"  {' '.join(path)}" not in shown]
    assert missing == []
    assert "--clock-ok" in shown and "…" not in shown


def test_help_as_json_is_english_and_tells_what_a_command_takes() -> None:
    edit = json.loads(ask("deal", "edit", "--json", "--lang", "zh").stdout)["commands"][0]
    assert edit["command"] == "deal edit"
    assert edit["help"].startswith("Change fields")
    assert [each["name"] for each in edit["arguments"]] == ["deal"]
    amount = next(each for each in edit["flags"] if each["name"] == "--amount")
    assert (amount["type"], amount["required"], amount["many"]) == ("text", False, False)
    everything = json.loads(ask("commands", "--json").stdout)["commands"]
    assert len(everything) == len({each["command"] for each in everything}) > 100


def test_a_topic_as_json_has_its_text_and_the_list_has_every_topic() -> None:
    listed = json.loads(ask("--json").stdout)["topics"]
    assert [each["topic"] for each in listed] == list(topics.summaries())
    board = json.loads(ask("board", "--json").stdout)
    assert board["text"].startswith("# The board")
    assert [each["command"] for each in board["commands"]] == ["board"]


@pytest.mark.parametrize("topic", sorted(topics.TOPICS.keys() - PAGES))
def test_a_page_fits_a_terminal_and_says_something(topic: str) -> None:
    done = ask(topic)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 8
    assert [line for line in done.stdout.splitlines() if len(line) > 125] == []


def test_an_unknown_topic_is_refused_with_the_nearest_one() -> None:
    done = ask("filtres")
    assert (done.returncode, done.stderr) == (2, "error: no help topic: filtres\nhint: opp help filters\n")


def test_a_word_that_several_pages_tell_of_is_refused_with_these_pages() -> None:
    done = ask("审批", "--lang", "zh")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "错误：没有帮助主题 审批")
    assert re.findall(r"help (\S+?)(?:、|$)", done.stderr.splitlines()[1])[:2] == ["policy", "approvals"]


def test_dates_are_shown_with_what_they_come_to_now() -> None:
    shown = re.sub(" +", " ", ask("dates").stdout)
    wanted = ("+5bd Mon 16 Mar 2026", "月底 Tue 31 Mar 2026", "明天下午3点 Tue 10 Mar 2026 15:00")
    assert [line for line in wanted if line not in shown] == []


def test_every_date_on_the_page_can_be_typed() -> None:
    today = date(2026, 3, 9)
    notes = " ".join(note for _, note in DATES)
    chinese = re.findall(r"[\d一-龥]*[一-龥][\d一-龥]*", notes)
    words = re.findall(r"\b(?:[se]o[wmqy]|\d{4}/\d+/\d+|\d{8}|\d{4}-W\d+-\d|2026H1|tomorrow|yesterday)\b", notes)
    read = [parse_date(typed, today=today) for typed in (*(typed for typed, _ in DATES), *chinese, *words)]
    assert len(read) > 40


def test_every_time_on_the_page_can_be_typed() -> None:
    read = [parse_instant(typed, now_ms=0, tz="Asia/Shanghai") for typed, _ in TIMES]
    assert len(read) == len(TIMES)


def test_what_the_page_says_is_refused_is_refused() -> None:
    for typed, _ in REFUSED[:-1]:
        with pytest.raises(UsageError):
            parse_date(typed, today=date(2026, 3, 9))
    with pytest.raises(UsageError):
        parse_instant("2026-03-29 02:30", now_ms=0, tz="Europe/Berlin")


def test_the_page_on_exit_codes_has_them_all() -> None:
    listed = [int(line.split()[0]) for line in ask("exit-codes").stdout.splitlines() if re.match(r"  \d", line)]
    assert listed == list(EXIT_CODES)


def test_the_page_on_the_environment_has_every_setting_and_variable() -> None:
    page = ask("environment").stdout.split()
    assert {setting.key for setting in SETTINGS} <= set(page)
    assert {name for setting in SETTINGS for name in setting.env.split()} <= set(page)


def test_the_policy_on_its_page_can_be_applied() -> None:
    text = Path(topics.__file__).with_name("policy.txt").read_text("utf-8")
    example = text.split("A small one:\n")[1].split("\nA request keeps")[0]
    loaded = policy.load("\n".join(line.removeprefix("  ") for line in example.splitlines()))
    assert [stage.name for stage in loaded.policy.stages] == ["Lead", "Offer", "Won", "Lost"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("topic", sorted(topics.summaries()))
def test_a_page_fits_on_80_columns_but_for_code_commands_and_addresses(opp: InProcess, topic: str, lang: str) -> None:
    told = opp.ok(f"help {topic}", env={"COLUMNS": "80", "OPP_LANG": lang}).out
    prose = re.sub(r"^```.*?^```$", "", told, flags=re.S | re.M).splitlines()
    wide = [line for line in prose if width(line) > 80 and not re.match(r" *(opp |\S*\(\S*https?:)", line)]
    assert wide == []


def test_a_table_of_a_page_is_aligned_where_it_fits_and_records_where_not() -> None:
    lines = ["| word | 含义 |", "|---|---|", r"| a\|b | 一个 |", "| longer | " + "two words " * 2 + "|"]
    assert list(table(lines, 80)) == lines
    assert list(table(lines, 30)) == ["word    含义", "a|b     一个", "longer  two words two words"]
    assert list(table(lines, 20)) == ["word    含义", "a|b     一个", "longer  two words", "        two words"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_prose_of_a_page_fills_the_lines_of_the_screen(opp: InProcess, lang: str) -> None:
    """Its paragraphs are filled whole, in cells, not each of the lines they were written in."""
    first = opp.ok(f"--lang {lang} help import", env={"COLUMNS": "80"}).out.split("\n\n")[0].splitlines()
    assert [line for line in first[:-1] if not 60 <= width(line) <= 80] == []


def test_a_page_is_found_by_the_last_part_of_its_name_or_by_what_its_line_says(opp: InProcess) -> None:
    for typed, lang, title in (("hubspot", "en", "Coming from HubSpot"), ("纷享销客", "zh", "从纷享销客过来")):
        assert opp.ok(f"--lang {lang} help {typed}").out.startswith(f"# {title}")
    assert json.loads(opp.ok("help hubspot --json").out)["topic"] == "coming-from/hubspot"


def test_a_chinese_word_in_an_english_sentence_is_not_broken() -> None:
    english = "the first word of a note says what it was, `visit` 拜访, `meeting` 会议记录, `mail` 邮件"
    broken = [line for room in range(20, 70) for line in wrapped(english, room) if line[-1] in "会议记拜邮"]
    assert broken == []
    assert max(map(width, wrapped("一句中文里没有空格，可以在任何两个字之间换行", 20))) <= 20


def test_every_table_of_a_page_stands_below_its_heading() -> None:
    torn = [
        (path.name, block.splitlines()[0])
        for path in folder().glob("**/*.md")
        for block in re.findall(r"(?:^\|.*\n)+", path.read_text("utf-8"), re.MULTILINE)
        if not re.fullmatch(r"\|[-| :]+\|", [*block.splitlines(), ""][1])
    ]
    assert torn == []


LINKED = re.compile(r"\]\(([^)#:]*)(?:#([^)]+))?\)")
HEADED = re.compile(r"^#+ (.*)$", re.MULTILINE)


def test_every_link_of_a_page_leads_to_a_page_and_a_heading_that_are_there() -> None:
    """A Chinese page leads to Chinese ones, but to its own in English."""
    lost = []
    for path in folder().glob("**/*.md"):
        for name, place in LINKED.findall(path.read_text("utf-8")):
            to = (path.parent / name).resolve() if name else path
            there = to.suffix != ".md" or not place or place in map(anchor, HEADED.findall(to.read_text("utf-8")))
            chinese = to.with_name(f"{to.stem}.zh_CN.md")
            english = (
                path.name.endswith(".zh_CN.md") and ".zh_CN" not in to.name and chinese.exists() and chinese != path
            )
            lost += [] if to.exists() and there and not english else [(path.name, name, place)]
    assert lost == []


def anchor(heading: str) -> str:
    """As the places that show Markdown make it of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")
