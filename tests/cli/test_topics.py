"""The pages of `opp help`: every example in them is true."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from oppcli import policy
from oppcli.cli import topics
from oppcli.cli.app import TREE
from oppcli.cli.topics.examples import DATES, REFUSED, TIMES
from oppcli.config import SETTINGS
from oppcli.errors import EXIT_CODES, UsageError
from oppcli.words.days import parse_date
from oppcli.words.instants import parse_instant

NOW = {"OPP_NOW": "2026-03-09T09:00:00+08:00", "OPP_TZ": "Asia/Shanghai"}


def ask(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oppcli", "help", *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | NOW, check=False)


def test_help_alone_lists_every_topic() -> None:
    listed = [line.split()[0] for line in ask().stdout.splitlines() if line.startswith("  ")]
    assert listed == list(topics.TOPICS)
    assert set(TREE["help"].help.split()) <= set(topics.TOPICS)


@pytest.mark.parametrize("topic", sorted(topics.TOPICS))
def test_a_page_fits_a_terminal_and_says_something(topic: str) -> None:
    done = ask(topic)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 8
    assert [line for line in done.stdout.splitlines() if len(line) > 125] == []


def test_an_unknown_topic_is_refused_with_the_nearest_one() -> None:
    done = ask("filtres")
    assert (done.returncode, done.stderr) == (2, "error: no help topic: filtres\nhint: opp help filters\n")


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
