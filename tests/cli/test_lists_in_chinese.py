"""Lists within a cell are told as the reader's language parts them; programs get the codes."""

from command_line import InProcess

POLICY = (
    '\n[sheet.bant]\nof = "deal"\nfields = { amount = 1, source = 2, budget = 1 }\n[fields.budget]\ntitle = "预算"\n'
)


def test_what_is_missing_is_called_as_the_team_calls_it_and_parted_as_chinese_does(opp: InProcess) -> None:
    opp.ok("init --template blank")
    (opp.folder / "p.toml").write_text(opp.ok("policy show").out + POLICY, "utf-8")
    opp.ok("policy apply p.toml")
    opp.ok("add Acme")
    opp.ok("deal edit D-1 --tag hot --tag big")
    assert "来源、金额、预算" in opp.ok("--lang zh report completeness --sheet bant").out
    assert "source, amount, budget" in opp.ok("report completeness --sheet bant").out
    assert opp.ok("report completeness --sheet bant -o json").json[0]["missing"] == ["source", "amount", "budget"]
    assert "hot、big" in opp.ok("--lang zh ls -c id,tags").out
    assert "标签 hot、big → hot" in opp.ok("--lang zh deal edit D-1 --untag big").out


def test_a_break_down_by_tags_is_typed_and_told_in_chinese(opp: InProcess) -> None:
    opp.ok("init --template blank --lang zh")
    opp.ok("add Acme")
    opp.ok("deal edit D-1 --tag 重点")
    for key in ("标签", "tag", "Tags"):
        told = opp.ok(f"--lang zh report sources --by {key} -c tag,leads").out
        assert (told.split()[0], "重点" in told) == ("标签", True), told
    assert "季度" in opp.ok("--lang zh report sources --by 季度 -c quarter,leads").out
