"""The Maven example through its own commands, on both engines: the known figures of that data set."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "../shared/data/maven_crm"
EXAMPLE = ROOT / "examples/maven-crm"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not there")


@pytest.fixture(params=["sqlite", "postgresql"])
def maven(request: pytest.FixtureRequest, opp):
    """Type a line against a database with the pipeline imported."""
    env = None
    if request.param == "postgresql":
        from oppcli.store import schema

        url = request.getfixturevalue("pg_url")
        schema.remove(url)
        env = {"OPP_DB": url}

    def run(*words: str, **given: object):
        return opp.ok(*words, env=env, **given)

    run("init", "--template", "blank", "--policy", str(EXAMPLE / "policy.toml"))
    answer = run("import", str(DATA / "sales_pipeline.csv"), "--mapping", str(EXAMPLE / "mapping.toml"))
    assert "8,800 created, 0 updated, 0 unchanged, 0 rejected" in answer.out
    assert "30 people and 85 customers added" in answer.out
    return run


def test_the_example_gives_the_known_figures_and_comes_in_once(maven) -> None:
    funnel = {row["stage"]: row for row in maven("report funnel -o json").json}
    assert [row["reached"] for row in funnel.values()] == [8800, 8300, 4238]
    assert [row["now"] for row in funnel.values()] == [500, 1589, 4238]
    assert funnel["Engaging"]["lost_here"] == 2473
    assert (funnel["Prospecting"]["step_conversion"], funnel["Engaging"]["step_conversion"]) == (0.9432, 0.5106)

    won = maven("deal list --owner 'Darcel Schlecht' --stage Won --json").json
    assert (len(won), sum(float(deal["amount"]) for deal in won)) == (349, 1_153_214)
    lost = maven("deal list --owner 'Darcel Schlecht' --stage Lost --json").json
    assert (len(lost), {deal["amount"] for deal in lost}) == (204, {"0.00"})

    deals = maven("export deals -o json").json
    assert sum(deal["customer"] is None for deal in deals) == 1425
    assert sum(deal["created_at"] is None for deal in deals) == 500
    assert sum(deal["product"] == "GTX Pro" for deal in deals) == 1480
    engaging = [deal for deal in deals if deal["stage"] == "Engaging"]
    assert {deal["amount"] for deal in engaging if deal["product"] == "GTK 500"} == {"26768.00"}
    assert {deal["region"] for deal in deals} == {"Central", "East", "West"}

    entries = sum(1 for _ in maven("export journal -o jsonl").out.splitlines())
    again = maven("import", str(DATA / "sales_pipeline.csv"), "--mapping", str(EXAMPLE / "mapping.toml"))
    assert "0 created, 0 updated, 8,800 unchanged, 0 rejected" in again.out
    assert sum(1 for _ in maven("export journal -o jsonl").out.splitlines()) == entries


def test_the_people_of_the_example_bring_their_managers(maven) -> None:
    line = ("import", str(DATA / "sales_teams.csv"), "--mapping", str(EXAMPLE / "people.toml"))
    answer = maven(*line)
    assert "35 rows" in answer.out and "5 created, 30 updated, 0 unchanged, 0 rejected" in answer.out
    assert "6 people and 0 customers added" in answer.out
    people = {user["login"]: user for user in maven("user list -o json").json}
    assert len(people) == 1 + 35 + 6
    assert people["darcel.schlecht"]["manager"] == "melvin.marxen"
    assert people["melvin.marxen"]["roles"] == ["manager"]
    assert "0 created, 0 updated, 35 unchanged, 0 rejected" in maven(*line).out
    assert json.loads(maven("deal list --owner 'Mei-Mei Johns' --json").out) == []
