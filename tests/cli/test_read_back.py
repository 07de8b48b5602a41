"""What is printed to be read back from a file is the text itself, whatever width a shell exports and whatever language
is spoken."""

import pytest
from begun import begun
from command_line import InProcess

LONG = "# a remark that is longer than any line of forty cells and goes on, 直到一行写不下为止\n"
DEALS = "Deal ID,Deal Name,Deal Stage,Amount\n1,Plant,Appointment Scheduled by Somebody Else Entirely,5\n"


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template b2b --lang en")
    (opp.folder / "deals.csv").write_text(DEALS)
    return opp


@pytest.mark.parametrize(
    "line",
    [
        "policy show",
        "policy templates b2b",
        "mapping show hubspot",
        "import deals.csv --draft",
        "completion bash",
        "completion zsh",
        "db grants",
        "export all",
        "export deals",
        "deal list -o md",
        "config get db",
        "help --json",
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_read_back_is_never_broken(team: InProcess, line: str, lang: str) -> None:
    wide = team.ok(*line.split(), "--lang", lang)
    narrow = team.ok(*line.split(), "--lang", lang, env={"COLUMNS": "40"})
    assert narrow.raw == wide.raw
    assert max(map(len, wide.out.splitlines())) > 40 or line == "config get db"


def test_a_policy_is_shown_as_it_was_written(team: InProcess) -> None:
    text = LONG + team.ok("policy show").out.replace("\n", "\r\n") + "# \u202e {names} of {nothing}\n"
    (team.folder / "p.toml").write_bytes(text.encode())
    team.ok("policy apply p.toml")
    shown = [team.ok("policy", "show", "--lang", lang, env={"COLUMNS": "40"}).raw for lang in ("en", "zh")]
    assert shown == [text.encode()] * 2


def test_a_policy_on_a_screen_is_whole_and_harmless(team: InProcess) -> None:
    (team.folder / "p.toml").write_text(LONG + team.ok("policy show").out + "# \u202e", "utf-8")
    team.ok("policy apply p.toml")
    answer = team.ok("policy show", screen=True, env={"COLUMNS": "40", "PAGER": "cat"})
    assert (LONG in answer.out, "\u202e" in answer.out, answer.out.endswith("# \\u202e\n")) == (True, False, True)
