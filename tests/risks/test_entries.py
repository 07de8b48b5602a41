"""Risks that entries of the journal are by themselves, and how all of them are listed."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import InProcess
from heard import heard
from team import POLICY, Team, instant

from oppcli import store
from oppcli.config import machine
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.model.policy import RISK_KINDS
from oppcli.model.risks import RISKS
from oppcli.render import FORMATS
from oppcli.rules.risks.entries import Guess, guessed

LOOSE = POLICY.replace("amount >= 500_000", "amount >= 5_000_000")
MINUTE = 60_000


@pytest.fixture
def team(opp: InProcess) -> Team:
    return Team(opp)


def test_a_policy_that_was_put_back_after_a_gate_was_passed_is_told(team: Team) -> None:
    deal = team.deal()
    team("dan", f"advance {deal} --to Offer")
    team.apply(LOOSE, at="03 09:00")
    team("dan", f"advance {deal} --to Contract", at="03 10:00")
    team.apply(POLICY, at="09 09:00")
    (row,) = team.risks("--risk policy")
    assert (row["who"], row["with"], row["what"]) == ("ann", None, "in force for 6 d: 1 gate passed")
    assert (row["id"], row["at"]) == ("policy:" + team.seq("apply"), "2026-03-09T01:00:00Z")


def test_a_policy_under_which_a_request_was_decided_is_told(team: Team) -> None:
    request = team.quote(team.deal())
    team.apply(LOOSE, at="03 09:00")
    team("cay", f"approve {request}", at="03 10:00")
    team.apply(POLICY, at="03 11:00")
    assert [row["what"] for row in team.risks("--risk policy")] == ["in force for 2 h: 1 decision"]


def test_a_policy_for_a_week_or_without_anything_decided_is_none(team: Team) -> None:
    deal = team.deal(more="--amount 100000")
    request = team.quote(team.deal())
    team.apply(LOOSE, at="03 09:00")
    team("dan", f"advance {deal} --to Offer", at="03 10:00")  # no gate there
    team.apply(POLICY, at="03 11:00")
    team.apply(LOOSE, at="04 09:00")
    team("cay", f"approve {request}", at="05 09:00")
    team.apply(POLICY, at="11 09:00")  # seven days
    assert team.kinds() == []


def test_proof_that_was_lowered_is_told_and_proof_that_was_raised_is_not(team: Team) -> None:
    me = machine.login()  # who alone may change a policy that asks for one's own login
    if me != "ann":
        team("ann", f"user add {me} --role admin", at="03 08:00")
    told = []
    for text, at in ((POLICY + '\n[identity]\nproof = "login"\n', "03 09:00"), (POLICY, "20 09:00")):
        team.file.write_text(text)
        team(me, "policy apply policy.toml", at=at)
        told.append([row["what"] for row in team.risks("--risk policy")])
    assert told == [[], ["proof login → claim"]]


def test_a_restore_is_told_and_a_backup_is_not(team: Team) -> None:
    team("ann", "db backup copy.db", at="03 09:00")
    team.deal()
    assert team.kinds() == []
    team("ann", "db restore copy.db -y", at="04 09:00")
    (row,) = team.risks("--risk restore")
    assert (row["who"], row["id"]) == ("ann", "restore:" + team.seq("restore"))
    assert row["what"] == "restored from copy.db, 2 entries dropped"


def test_giving_back_a_deal_is_no_restore(team: Team) -> None:
    team.deal()
    team("dan", "withdraw D-1 -m twice")
    team("dan", "restore D-1", at="03 09:00")
    assert team.kinds() == []


def test_a_clock_that_was_set_right_is_told(team: Team) -> None:
    team.opp.ok("lead add Later --customer Acme", user="dan", now="2027-03-02T09:00:00Z")
    team("ann", "db clock -m 'the battery was dead'", at="03 09:00")
    assert [row["what"] for row in team.risks("--risk clock")] == ["clock set right: the battery was dead"]


def test_entries_off_the_machines_clock_are_one_risk_an_hour_and_none_in_a_trial(opp: InProcess, team: Team) -> None:
    assert team.kinds() == []  # a trial, months before the machine's clock
    file = Path(opp.folder) / "real.db"
    store.create(str(file))
    now = time.time_ns() // 1_000_000
    stamp = Stamp(actor="ann", now=now, os_user="ann")
    with store.open_write(str(file), stamp) as door:
        door.add(User(login="ann", name="Ann", roles=("admin",)))
        door.note("apply", "database", "1", {})
    opp.env["OPP_DB"] = str(file)
    opp.ok(f"policy apply {team.file}", user="ann", env={"OPP_NOW": None})
    for ahead in (4 * MINUTE, 7 * MINUTE, 9 * MINUTE):
        with store.open_write(str(file), replace(stamp, now=now + ahead)) as door:
            door.note("x", "database", "1", {})
    rows = opp.ok("audit risks --risk clock -o json", user="ann", env={"OPP_NOW": None}).json
    assert [(row["who"], row["what"]) for row in rows] == [
        ("ann", "2 commands up to 8 min ahead of the machine's clock")
    ]


def test_five_wrong_pins_of_a_person_within_a_quarter_of_an_hour_are_a_guess() -> None:
    def tried(*minutes: int, login: str = "cay") -> list[Guess]:
        return [Guess(seq, minute * MINUTE, login, login) for seq, minute in enumerate(minutes, 1)]

    (found,) = guessed(tried(0, 3, 6, 9, 12))
    assert (found.id, found.who, found.what) == ("guess:e5", "cay", "5 wrong PINs of cay")
    assert list(guessed(tried(0, 3, 6, 9, 16))) == []
    assert list(guessed([*tried(0, 1, 2), *tried(3, 4, login="dan")])) == []
    assert len(list(guessed(tried(*range(10))))) == 2


def test_wrong_pins_that_are_typed_are_told_with_who_typed_them(team: Team) -> None:
    folder = Path(team.opp.folder)
    for name, text in (("right", "horse-battery"), ("wrong", "mule-battery")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    team("cay", "user pin --new-file right")
    guess = {"OPP_PIN_FILE": str(folder / "wrong")}
    told, codes = [], []
    for minute in range(5):
        told += team.risks("--risk guess")
        at = instant(f"02 10:0{minute}")
        codes.append(team.opp("user pin --new-file wrong", user="cay", now=at, env=guess).code)
    assert (told, codes) == ([], [4] * 5)
    (row,) = team.risks("--risk guess")
    assert (row["who"], row["id"], row["what"]) == ("cay", "guess:" + team.seq("pin refused"), "5 wrong PINs of cay")


def test_every_kind_has_a_name_a_sentence_and_a_finder() -> None:
    from oppcli.reads.risks import FINDERS

    assert tuple(RISKS) == RISK_KINDS == tuple(FINDERS)


@pytest.fixture
def busy(team: Team) -> Team:
    """A split on the 2nd and the 3rd, a `won` on the 5th, an override on the 9th."""
    for day in ("02", "03"):
        team.now = instant(f"{day} 09:00")
        team.deal(more="--amount 460000")
    team.now = instant("05 09:00")
    request = team.quote(team.deal(customer="Other"))
    team("ann", f"request override {request} -m now", at="09 09:00")
    return team


def test_risks_are_listed_newest_first_of_ninety_days_unless_more_or_less_is_asked(busy: Team) -> None:
    assert busy.kinds() == ["override", "split"]
    assert [row["risk"] for row in busy.risks("--risk override --risk split")] == ["override", "split"]
    assert [row["risk"] for row in busy.risks("--since 2026-03-04 --risk override --risk split")] == ["override"]
    assert busy.kinds(at="0601 09:01") == ["override"]  # more than ninety days after the 3rd
    assert len(busy.risks("--all --risk override --risk split", at="0701 09:00")) == 2
    assert busy.refused("ann", "audit risks --risk fats").err.startswith("error: --risk cannot be fats; did you mean")


def test_the_columns_are_what_scripts_read(busy: Team) -> None:
    out = busy.opp.ok("audit risks --risk override --csv", user="ann", now=instant("31 18:00")).out
    assert out.splitlines()[0] == "id,risk,at,who,with,deal,request,customer,amount,currency,what"
    assert out.splitlines()[1].endswith(",override,2026-03-09T01:00:00Z,ann,dan,D-3,R-1,Other,800000.00,CNY,now")


def test_every_format_writes_them(busy: Team) -> None:
    codes = [busy.opp(f"audit risks -o {name}", user="ann", now=instant("31 18:00")).code for name in FORMATS]
    assert codes == [0] * len(FORMATS)


def test_exit_code_10_says_that_there_are_some(busy: Team) -> None:
    asked = [
        busy.opp(f"audit risks --exit-code --risk {kind}", user="ann", now=instant("31 18:00")).code
        for kind in ("split", "burst")
    ]
    assert asked == [10, 0]


def test_what_the_policy_ignores_is_left_out_and_said(busy: Team) -> None:
    busy.apply(POLICY + '\n[risk]\nignore = ["split", "claimed"]\n', at="31 10:00")
    answer = busy.opp.ok("audit risks -o json", user="ann", now=instant("31 18:00"))
    assert [row["risk"] for row in answer.json] == ["override"]
    assert answer.err == "note: left out, as [risk] says: split, claimed\n"


def test_a_tick_tells_each_risk_once_without_amounts_to_whom_the_policy_names(busy: Team) -> None:
    busy.apply(POLICY + '\n[risk]\nignore = ["claimed"]\ntell = ["role:finance", "user:bob"]\n', at="31 10:00")
    assert "2 risks told to fin, bob" in busy("ann", "tick", at="31 11:00").out
    told = busy.opp.ok("notices list --all -o json", user="ann", now=busy.now).json
    mine = [(row["to"], row["deal"] or "", row["text"]) for row in told if row["kind"] == "risk"]
    split = next(row["id"] for row in busy.risks("--risk split"))
    override = next(row["id"] for row in busy.risks("--risk override"))
    assert sorted(mine) == sorted(
        (to, deal, text)
        for to in ("bob", "fin")
        for deal, text in (
            ("", f"{split}: several deals of one customer just below a limit (dan); opp audit risks --risk split"),
            ("D-3", f"{override}: approved by override (R-1, D-3, ann); opp audit risks --risk override"),
        )
    )
    assert "risk" not in busy("ann", "tick", at="31 12:00").out
    busy.now = instant("31 12:00")
    busy.deal(more="--amount 470000")  # the same split, one more
    assert "risk" not in busy("ann", "tick", at="31 13:00").out


def test_a_tick_tells_the_admins_where_risk_names_nobody_and_nobody_without_it(busy: Team) -> None:
    assert "risk" not in busy("ann", "tick", at="31 09:00").out
    busy.apply(POLICY + "\n[risk]\n", at="31 10:00")
    assert "risks told to ann" in busy("ann", "tick", at="31 11:00").out


SCOPED = POLICY + '\n[scope]\nsee = { manager = "all" }\n[risk]\nignore = ["claimed"]\n'


def test_under_a_scope_only_who_sees_all_looks_for_risks(busy: Team) -> None:
    busy.apply(SCOPED, at="31 10:00")
    assert [row["risk"] for row in busy.risks(who="bob")] == ["override", "split"]
    refused = busy.refused("dan", "audit risks", at="31 18:00")
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.startswith("error: dan may not list the risks: it takes who sees everything")


def test_under_a_scope_a_tick_does_all_that_is_due_whoever_runs_it(busy: Team) -> None:
    late = busy.quote(busy.deal())
    busy("ann", "user add cron --role service", at="10 09:00")
    busy.apply(SCOPED, at="31 10:00")
    said = busy("cron", "tick", at="31 11:00").out
    assert (f"{late} quote: Manager: overdue" in said, "2 risks told to ann" in said) == (True, True)


def test_an_erased_customer_is_told_with_the_reason(busy: Team) -> None:
    busy("dan", "lose D-1 --reason price", at="10 09:00")
    assert busy.risks("--risk erased") == []
    busy("ann", "customer erase C-1 -m 'they asked us to' -y", at="11 09:00")
    (row,) = busy.risks("--risk erased")
    assert (row["who"], row["what"]) == ("ann", "C-1 erased: they asked us to")


CALLED_SO = POLICY.replace("[type.check", "[type.risk")


def test_a_tick_of_a_team_that_never_asked_for_risks_reads_its_policy_and_nothing_else_for_them(
    busy: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.apply(CALLED_SO, at="31 10:00")
    busy("ann", "tick", at="31 11:00")
    said = heard(monkeypatch)
    monkeypatch.setattr("oppcli.policy.read", None)
    busy("ann", "tick --no-delivery", at="31 11:00")
    about = [text for text in said if "policy ORDER BY" in text and "SELECT text" in text]
    others = [text for text in said if "FROM task" not in text]  # a late task of a withdrawn deal is no risk
    assert (len(about), [text for text in others if "decision" in text or "FROM deal" in text]) == (1, [])
