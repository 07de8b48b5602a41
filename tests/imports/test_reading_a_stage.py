"""A cell means a stage in whatever spelling a person may type it."""

from typing import Any

import pytest
from command_line import InProcess


@pytest.mark.parametrize("cell", ["Quote", "QUOTE", "Ｑｕｏｔｅ", " quote "])
def test_a_stage_in_a_file_is_read_as_one_that_is_typed(opp: InProcess, cell: Any) -> None:
    opp.env.update(OPP_USER="li")
    opp.ok("init --template b2b --lang en")
    (opp.folder / "d.csv").write_text(f"Deal ID,Deal name,Stage\nS1,Plant,{cell}\n", "utf-8")
    (opp.folder / "m.toml").write_text(
        'kind = "deals"\nsystem = "x"\n[fields]\nexternal_id = "Deal ID"\ntitle = "Deal name"\nstage = "Stage"\n',
        "utf-8",
    )
    opp.ok("import d.csv --mapping m.toml")
    assert opp.ok("ls -o json").json[0]["stage"] == "Quote"
