"""Strings that break programs, as titles and customers: through import, list, CSV out, and import again."""

import csv
import io
from pathlib import Path

import pytest
from sales import House

STRINGS = Path(__file__).resolve().parents[2] / "../shared/data/naughty_strings/blns.txt"
MAPPING = """
system = "naughty"
[fields]
external_id = "external_id"
title       = "title"
customer    = { column = "customer", create = true }
stage       = { constant = "报价" }
next_step   = "next_step"
"""

pytestmark = pytest.mark.skipif(not STRINGS.exists(), reason="../shared/data is not there")


def strings() -> list[str]:
    lines = STRINGS.read_text("utf-8").split("\n")
    return [line for line in lines if line.strip() and not line.startswith("#")]


def written(rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, ["external_id", "title", "customer", "next_step"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, opp, tmp_path: Path) -> House:
    on_server = request.param == "postgresql"
    house = House(opp, tmp_path)
    if on_server:
        from oppcli.store import schema

        url = request.getfixturevalue("pg_url")
        schema.remove(url)
        return house.begin(url)
    return house.begin()


def test_naughty_strings_come_back_unchanged_and_import_again_unchanged(house: House) -> None:
    naughty = strings()
    rows = [{"external_id": str(n), "title": s, "customer": s, "next_step": s} for n, s in enumerate(naughty)]
    answer = house.load(written(rows), mapping=MAPPING)
    assert (answer.code, answer.err) == (0, "")

    listed = house.run("deal list -o csv")
    found = list(csv.DictReader(io.StringIO(listed.out, newline="")))
    assert [row["title"] for row in found] == naughty
    assert [row["next_step"] for row in found] == naughty
    folded = {row["title"]: row["customer"] for row in found}
    assert [folded[s] for s in ("TRUE", "true", "True")] == ["true"] * 3

    unchanged = f"{len(naughty)} rows from deals.csv: 0 created, 0 updated, {len(naughty)} unchanged, 0 rejected\n"
    assert house.load(listed.raw, mapping=MAPPING).out == unchanged
    guarded = house.run("deal list --excel")
    live = [row["title"] for row in csv.DictReader(io.StringIO(guarded.out[1:], newline=""))]
    assert not [title for title in live if title[:1] in tuple("=+-@\t\r")]
    assert sum(title.startswith("'") for title in live) >= 26
    assert house.load(guarded.raw, mapping=MAPPING).out == unchanged


def test_nothing_of_them_reaches_a_terminal_raw(house: House) -> None:
    rows = [{"external_id": "1", "title": "\x1b[31mred\x07", "customer": "\u202eevil", "next_step": ""}]
    rows += [{"external_id": "2", "title": "", "customer": "\x1b]0;title\x07", "next_step": ""}]
    answer = house.load(written(rows), mapping=MAPPING)
    assert answer.code == 9
    assert not set("\x1b\x07\u202e") & set(answer.out + answer.err)
