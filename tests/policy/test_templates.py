"""The templates: they load without a word, in both languages, and say the same in both."""

import json
from datetime import date
from pathlib import Path

import pytest

from oppcli.model.said import LANGUAGES
from oppcli.policy import TEMPLATES, load, read, template
from oppcli.policy.known import Known

EVERY = [(name, lang) for name in TEMPLATES for lang in LANGUAGES]
HOLIDAYS = Path(__file__).resolve().parents[2] / "../shared/data/holiday_cn/2026.json"


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_a_template_loads_without_a_warning(name, lang):
    loaded = load(template(name, lang), source=name, today=date(2026, 11, 30), known=Known(first=True))
    assert loaded.warnings == ()


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_reading_a_checked_text_gives_the_same_policy(name, lang):
    assert read(template(name, lang)) == load(template(name, lang)).policy


@pytest.mark.parametrize("name", TEMPLATES)
def test_both_languages_of_a_template_have_the_same_structure(name):
    en, zh = (read(template(name, lang)) for lang in LANGUAGES)
    assert [stage.kind for stage in en.stages] == [stage.kind for stage in zh.stages]
    assert [stage.probability for stage in en.stages] == [stage.probability for stage in zh.stages]
    assert {name: len(rule.steps) for name, rule in en.types.items()} == {
        name: len(rule.steps) for name, rule in zh.types.items()
    }
    assert list(en.gates.values()) == list(zh.gates.values())
    assert list(en.roles) == list(zh.roles)
    assert (en.sod.repeat, en.override) == (zh.sod.repeat, zh.override)


@pytest.mark.parametrize("name", ["b2b", "saas", "service"])
@pytest.mark.skipif(not HOLIDAYS.is_file(), reason="the shared data sets are not here")
def test_the_chinese_calendars_are_those_of_the_notice_for_2026(name):
    days = json.loads(HOLIDAYS.read_text(encoding="utf-8"))["days"]
    policy = read(template(name, "zh"))
    calendar = policy.calendars[policy.calendar]
    assert len(days) > 30
    assert {day.isoformat() for day in calendar.holidays} == {d["date"] for d in days if d["isOffDay"]}
    assert {day.isoformat() for day in calendar.workdays} == {d["date"] for d in days if not d["isOffDay"]}


def test_no_american_holiday_of_the_templates_falls_on_a_weekend():
    calendar = read(template("b2b", "en")).calendars["office"]
    assert len(calendar.holidays) == 8
    assert [day for day in sorted(calendar.holidays) if day.weekday() > 4] == []


def test_the_blank_template_has_four_stages_and_asks_nobody():
    policy = read(template("blank", "en"))
    assert [stage.kind for stage in policy.stages] == ["lead", "open", "won", "lost"]
    assert (policy.types, policy.gates) == ({}, {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_commented_approval_of_the_blank_template_is_right_when_uncommented(lang):
    lines = template("blank", lang).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("# [type.quote]"))
    alive = [line.removeprefix("# ").removeprefix("#") if n >= start else line for n, line in enumerate(lines)]
    loaded = load("\n".join(alive))
    assert loaded.warnings == ()
    assert list(loaded.policy.types) == ["quote"]


def test_an_unknown_template_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no template"):
        template("b2c")
    with pytest.raises(ValueError, match="no template"):
        template("b2b", "fr")
