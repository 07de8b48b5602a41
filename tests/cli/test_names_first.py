"""What is called like the reference of another noun is found by its name; what was confirmed is what is done."""

from command_line import InProcess


def test_a_deal_that_is_called_like_a_file_is_found_by_its_title(opp: InProcess) -> None:
    opp.ok("init --template blank")
    opp.ok("add X-15 --customer Acme")
    assert "D-1" in opp.ok("deal history X-15").out
    assert "R-1 is a request, not a deal" in opp("deal history R-1").err


def test_settings_that_are_no_toml_show_nothing_of_their_text(opp: InProcess) -> None:
    opp.ok("init --template blank")
    folder = opp.folder / "settings" / "opp"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("pässwört123\n", "utf-8")
    refused = opp("ls", env={"XDG_CONFIG_HOME": str(folder.parent)})
    assert (refused.code != 0, "config.toml:1" in refused.err, "ssw" in refused.err) == (True, True, False)
