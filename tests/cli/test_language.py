"""In which language a person is answered: who asks for which, what stands where nobody asks, and what has none."""

from collections.abc import Mapping

import pytest
from command_line import InProcess

from oppcli.config.settings import known_language
from oppcli.policy import template
from oppcli.speech import CATALOGUES

Env = Mapping[str, str | None]
NOBODY: Env = {"OPP_LANG": None, "LC_ALL": None}
"""No variable that says a language."""
ZH, EN = "〔there is no D-9〕", "there is no D-9"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese that is known by its brackets."""
    monkeypatch.setitem(CATALOGUES, "zh", lambda _, text: f"〔{text.replace('{noun} {', '{')}〕")


def answered(opp: InProcess, line: str, **env: str | None) -> str:
    """The language of the answer to a deal that is not there."""
    told = opp(line, env={**NOBODY, **env}).err
    return "zh" if "〔" in told else "en"


def begun(opp: InProcess, lang: str, more: str = "") -> InProcess:
    (opp.folder / "team.toml").write_text(template("blank", lang).replace("[policy]\n", f"[policy]\n{more}"))
    opp.ok("init --policy team.toml")
    return opp


@pytest.mark.parametrize("word", ["zh", "zh_CN", "zh-Hans", "zh-Hans-CN", "zh_CN.UTF-8", "ZH"])
def test_every_spelling_of_chinese_is_chinese(opp: InProcess, word: str) -> None:
    begun(opp, "en")
    assert answered(opp, f"--lang {word} show D-9") == "zh"
    assert answered(opp, "show D-9", OPP_LANG=word) == "zh"


@pytest.mark.parametrize("word", ["fr", "zhu", "", "e", "english", "zh CN"])
def test_another_word_is_no_language(word: str) -> None:
    assert known_language(word) is None


def test_the_flag_stands_before_the_command_and_behind_it_and_beats_the_variable(opp: InProcess) -> None:
    begun(opp, "zh")
    assert answered(opp, "--lang zh show D-9", OPP_LANG="en") == "zh"
    assert answered(opp, "show D-9 --lang en", OPP_LANG="zh") == "en"


def test_the_variable_beats_the_configuration_and_this_the_policy(opp: InProcess) -> None:
    begun(opp, "zh")
    opp.ok("config set lang en")
    assert answered(opp, "show D-9") == "en"
    assert answered(opp, "show D-9", OPP_LANG="zh") == "zh"


def test_the_policy_beats_the_locale(opp: InProcess) -> None:
    assert answered(begun(opp, "zh"), "show D-9", LANG="en_US.UTF-8") == "zh"
    (opp.folder / "team.toml").write_text(template("blank", "zh").replace("[policy]\n", '[policy]\nlanguage = "en"\n'))
    opp.ok("policy apply team.toml")
    assert answered(opp, "show D-9", LANG="zh_CN.UTF-8") == "en"


def test_a_policy_with_english_stages_leaves_it_to_the_locale(opp: InProcess) -> None:
    begun(opp, "en")
    assert answered(opp, "show D-9") == "en"
    assert answered(opp, "show D-9", LANG="zh_CN.UTF-8") == "zh"
    assert answered(opp, "show D-9", LC_MESSAGES="zh_CN.UTF-8", LANG="en_US.UTF-8") == "zh"
    assert answered(opp, "show D-9", LC_ALL="C", LANG="zh_CN.UTF-8") == "en"


def test_a_locale_of_another_language_is_passed_over(opp: InProcess) -> None:
    begun(opp, "en")
    assert answered(opp, "show D-9", LC_ALL="de_DE.UTF-8", LANG="zh_CN.UTF-8") == "zh"
    assert answered(opp, "show D-9", LC_ALL="de_DE.UTF-8") == "en"


def test_what_a_policy_says_of_languages_is_checked(opp: InProcess) -> None:
    (opp.folder / "team.toml").write_text(template("blank", "en").replace("[policy]\n", '[policy]\nlanguage = "fr"\n'))
    assert opp("policy check team.toml").code == 8


@pytest.mark.parametrize("line", ["ls", "help", "show D-9 -h", "-h", "config list"])
def test_another_language_of_flag_or_variable_is_refused_with_what_there_is(opp: InProcess, line: str) -> None:
    typed, meant = opp(f"{line} --lang fr", env=NOBODY), opp(line, env={**NOBODY, "OPP_LANG": "fr"})
    assert (typed.code, meant.code) == (2, 2)
    assert "there is no language 'fr'" in typed.err
    assert "hint: one of en, zh" in meant.err


def test_a_flag_nobody_knows_is_refused_in_the_language_of_the_database_at_hand(opp: InProcess) -> None:
    begun(opp, "zh")
    assert "〔" in opp("ls --nonsense", env=NOBODY).err
    assert "〔" not in opp("ls --nonsense", env={**NOBODY, "OPP_DB": str(opp.folder / "none.db")}).err


def test_printed_commands_repeat_the_language_that_was_typed(opp: InProcess) -> None:
    begun(opp, "en")
    assert "opp --lang zh " in opp.ok("add Pump --lang zh", env=NOBODY).out
    assert "--lang" not in opp.ok("add Valve", env={**NOBODY, "OPP_LANG": "zh"}).out


def test_what_programs_read_is_never_translated(opp: InProcess) -> None:
    begun(opp, "zh")
    opp.ok("add 水泵")
    texts = [
        opp(f"{line} --lang zh") for line in ("ls -o json", "ls --csv", "ls --ids", "show D-9 -o json", "log --csv")
    ]
    assert [answer.out + answer.err for answer in texts if "〔" in answer.out + answer.err] == []
    assert EN in texts[3].err


def test_a_database_of_before_says_no_language(opp: InProcess) -> None:
    import sqlite3

    begun(opp, "zh")
    with sqlite3.connect(opp.db) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'language'")
    connection.close()
    assert answered(opp, "show D-9") == "en"
