"""The catalogue: what a read needs to be one, and that what is generated from the reads is up to date."""

import re

import pytest

from oppcli.reads import catalog, written
from oppcli.reads.index import MODULES
from oppcli.reads.reports import listing


@pytest.mark.parametrize("path", MODULES)
def test_every_read_says_where_it_stands_and_how_it_is_used(path: str) -> None:
    read = catalog.read(path)
    assert read.path == path
    assert read.title and read.help and read.examples
    assert [column.name for column in read.columns if not re.fullmatch("[a-z][a-z_0-9]*", column.name)] == []
    assert [example for example in read.examples if not example.startswith("opp ")] == []


def test_no_two_reads_stand_in_the_same_place() -> None:
    paths = [read.path for _, read in catalog.found()]
    assert sorted(paths) == sorted(set(paths))


def test_the_index_and_the_page_are_what_the_reads_say() -> None:
    assert written.INDEX.read_text("utf-8") == written.index()
    assert written.DOCS.read_text("utf-8") == written.reports()


def test_the_list_of_reports_is_a_table_itself() -> None:
    assert [f"report {row[0]}" for row in listing().rows] == catalog.reports()
