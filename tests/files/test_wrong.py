"""What is wrong with the rows of a file, by kind: the most frequent first, where, and no more than fits a screen."""

from oppcli.files.wrong import KINDS, Kinds, Wrong
from oppcli.model.said import Listed, Said, listed, say

HEADER = ("ID", "Amount", "Phase")
COLUMNS = {"amount": "Amount", "stage": "Phase", "external_id": "ID"}


def number(cell: str) -> Wrong:
    return Wrong("amount", say("{typed!r} is not a number; write {example}", typed=cell, example="1234.50"))


def stage(cell: str) -> Wrong:
    return Wrong("stage", say("there is no stage {stage}{near}", stage=cell, near=f"; did you mean {cell[0]}?"))


def test_a_reason_is_told_once_with_its_column_its_lines_and_its_cells() -> None:
    kinds = Kinds(HEADER, COLUMNS)
    for line, cell in ((3, "n/a"), (5, "tbd"), (6, "?"), (9, "?")):
        kinds.add(line, [str(line), cell, "Lead"], [number(cell)])
    for line, cell in ((4, "Prospecting"), (7, "Demo")):
        kinds.add(line, ["", "5", cell], [stage(cell), Wrong("external_id", say("is blank"))])
    assert list(kinds.lines()) == [
        "4  Amount is not a number   line 3 'n/a', line 5 'tbd', line 6 '?', …",
        "2  there is no stage …   Prospecting (1), Demo (1)",
        "2  ID is blank   line 4, line 7",
    ]


def test_what_is_the_same_in_every_row_stays_in_the_sentence() -> None:
    kinds = Kinds(HEADER, COLUMNS)
    for line, deal in ((2, "D-1"), (3, "D-2")):
        refusal = say("{deal} cannot enter {stage} by a file yet", deal=deal, stage="Won")
        gaps = listed(["discount", say("{what} {detail}", what="approval", detail=f"pending since {line}")])
        kinds.add(line, ["1", "5", "Won"], [Wrong("", say("{refusal}: {reasons}", refusal=refusal, reasons=gaps))])
    assert list(kinds.lines()) == ["2  … cannot enter Won by a file yet: discount, approval …   line 2, line 3"]


def test_a_dozen_kinds_are_shown_and_the_rest_counted() -> None:
    kinds = Kinds(HEADER, COLUMNS)
    for line in range(2, 1_002):
        kinds.add(line, ["1", "5", "Won"], [Wrong("amount", f"is wrong in way {line}")])
    kinds.add(1_002, ["1", "x", "Won"], [number("x")])
    lines = list(kinds.lines())
    assert len(lines) == KINDS + 1
    assert lines[0].startswith("501  other reasons   line 502")
    assert lines[1] == "  1  Amount is wrong in way 2   line 2 '5'"
    assert lines[-1] == "and 489 more kinds"


def test_a_kind_is_told_in_the_language_of_who_reads_it() -> None:
    kinds = Kinds(HEADER, COLUMNS)
    for line, cell in ((3, "n/a"), (5, "tbd")):
        kinds.add(line, [str(line), cell, "Lead"], [number(cell)])
    kinds.add(7, ["", "5", "Lead"], [Wrong("external_id", say("is blank"))])
    catalogue = {
        "{typed!r} is not a number; write {example}": "{typed!r}不是数字；请写 {example}",
        "is blank": "为空",
        "line {line:,} {short!r}": "第 {line:,} 行 {short!r}",
        "line {line:,}": "第 {line:,} 行",
    }

    def speak(text: str) -> str:
        if isinstance(text, Said):
            return text.spoken(catalogue.get(text.template, text.template), speak)
        return "、".join(map(speak, text.parts)) if isinstance(text, Listed) else text

    assert [speak(line) for line in kinds.lines()] == [
        "2  Amount不是数字   第 3 行 'n/a'、第 5 行 'tbd'",
        "1  ID 为空   第 7 行",
    ]
