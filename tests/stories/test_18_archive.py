"""Point 18: an archive that wants its papers, is searched, is one file, and gives everything back."""

import hashlib
import zipfile

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_what_lacks_a_paper_is_not_archived_and_all_that_is_lacking_is_told(story: Story) -> None:
    assert len(story.reasons("opp deal archive")) == 2
    assert "exit code 7" in story.answer("opp deal archive")


def test_the_one_file_has_the_papers_the_journal_and_sums_that_are_right(story: Story) -> None:
    with zipfile.ZipFile(story.opp.folder / "D-1.zip") as file:
        lines = [line.split("  ", 1) for line in file.read("SHA256SUMS").decode().splitlines()]
        sums = {name: total for total, name in lines}
        assert {name: hashlib.sha256(file.read(name)).hexdigest() for name in sums} == sums
        assert {"index.html", "data.json", "journal.jsonl"} <= set(sums)


def test_what_is_archived_is_out_of_the_lists_found_by_search_and_counted(own: Story) -> None:
    seller = {"en": "ivy", "zh": "su"}[own.lang]
    before = own.ask("report losses --by reason")
    assert own.do("deal archive D-1", user=seller).code == 0
    assert own.ask("ls") == []
    assert [row["id"] for row in own.ask('ls --archived -w "payment_days = 30"')] == ["D-1"]
    assert own.ask("report losses --by reason") == before
    assert own.do("restore D-1", user=seller).code == 0
    assert [row["id"] for row in own.ask("ls")] == ["D-1"]
