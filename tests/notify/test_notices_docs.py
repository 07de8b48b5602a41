"""docs/notices.md and examples/cron say what the program does."""

import re
import tomllib
from pathlib import Path

import pytest
from command_line import InProcess
from letters import LETTER

from oppcli.model.notices import NOTICE_KINDS
from oppcli.notify import payloads
from oppcli.notify.settings import COMMON, KINDS, check
from oppcli.toml.faults import Faults

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "notices.md").read_text("utf-8")
CRON = ROOT / "examples" / "cron"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.S)


def test_every_example_of_a_channel_can_be_set_up() -> None:
    tables = [(name, table) for text in blocks("toml") for name, table in tomllib.loads(text)["notify"].items()]
    assert {table["kind"] for _, table in tables} == set(KINDS)
    faults = Faults("")
    for name, table in tables:
        check(name, table, faults)
    assert faults.found == []


def test_every_setting_and_format_is_described() -> None:
    keys = {*COMMON, *(key for table in KINDS.values() for key in table.keys)}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", PAGE)] == []
    assert [name for name in payloads.FORMATS if name not in PAGE] == []
    assert [kind for kind in NOTICE_KINDS if kind != "overdue" and not re.search(rf"\b{kind}\b", PAGE)] == []


def test_the_check_of_a_signature_that_the_page_shows_accepts_ours_and_no_other() -> None:
    shown: dict[str, object] = {}
    (code,) = blocks("python")
    exec(compile(code, "notices.md", "exec"), shown)
    import time

    genuine = shown["genuine"]
    post = payloads.post("plain", LETTER, url="https://x.example", called="", secret="s3cret", at=time.time())
    old = payloads.post("plain", LETTER, url="https://x.example", called="", secret="s3cret", at=time.time() - 3600)
    assert callable(genuine)
    assert genuine(b"s3cret", post.headers, post.body)
    assert not genuine(b"other", post.headers, post.body)
    assert not genuine(b"s3cret", post.headers, post.body + b" ")
    assert not genuine(b"s3cret", old.headers, old.body)


def typed() -> list[str]:
    """The commands that the crontab and the units run."""
    found = []
    for path in sorted(CRON.iterdir()):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#") and (match := re.search(r"\bopp (--no-input .*)", line)):
                found.append(match[1])
    return found


def test_what_the_crontab_and_the_units_run_is_silent_on_an_ordinary_day(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang zh")
    lines = typed()
    assert len(lines) == 6
    assert [(line, opp(line).code, opp(line).out + opp(line).err) for line in lines] == [
        (line, 0, "") for line in lines
    ]


@pytest.mark.parametrize("name", ["opp-tick", "opp-overdue"])
def test_a_timer_has_its_service(name: str) -> None:
    timer, service = ((CRON / f"{name}.{kind}").read_text("utf-8") for kind in ("timer", "service"))
    assert "OnCalendar=" in timer
    assert "Type=oneshot" in service
