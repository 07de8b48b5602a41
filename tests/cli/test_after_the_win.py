"""A won deal goes on through stages of kind won; pipelines beside the first; what is locked and what is not."""

import pytest
from begun import begun
from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "报价"
[[stage]]
name = "赢单"
kind = "won"
enter = ["amount"]
[[stage]]
name = "交付"
kind = "won"
enter = ["file:合同"]
tasks = [{ name = "派工", within = "2 days" }]
[[stage]]
name = "回款"
kind = "won"
[[stage]]
name = "维护"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[[stage]]
name = "待续"
pipeline = "续约"
[[stage]]
name = "续签"
kind = "won"
pipeline = "续约"
[[stage]]
name = "流失"
kind = "lost"
pipeline = "续约"
[gate]
"回款" = ["accept"]
[type.accept]
title = "验收"
[[type.accept.step]]
name = "经理"
who = "role:manager"
[archive]
after = "30 days"
[follow]
survey = { within = "14 days" }
""",
    name="after",
)
MONDAY, TUESDAY = "2026-03-02T10:00:00+08:00", "2026-03-03T10:00:00+08:00"
MAY = "2026-05-04T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_NOW"], opp.env["OPP_TZ"] = MONDAY, "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    (opp.folder / "c.pdf").write_text("x")
    opp.ok("init --policy team.toml", user="root")
    for person in ("boss --role manager", "li --role sales"):
        opp.ok(f"user add {person}", user="root")
    opp.ok("lead add Plant --customer Acme --amount 5000", user="li")
    return opp


def refused(opp: InProcess, line: str, code: int, user: str = "li") -> Answer:
    answer = opp(line, user=user)
    assert (line, answer.code) == (line, code), answer.err
    return answer


def deal(opp: InProcess, name: str = "D-1") -> dict[str, object]:
    found: dict[str, object] = opp.ok(f"show {name} -o json", user="root").json
    return found


def test_a_won_deal_goes_on_through_gates_and_stays_won_when_it_was(team: InProcess) -> None:
    won = team.ok("win D-1", user="li")
    assert "is won: 线索 → 赢单" in won.out and "客户回访" in won.out
    assert "file:合同" in refused(team, "advance D-1", 7).err
    team.ok("deal attach D-1 c.pdf --kind 合同", user="li")
    on = team.ok("advance D-1", user="li", now=TUESDAY)
    assert "派工" in on.out and "is won" not in on.out and "客户回访" not in on.out
    assert "approval accept" in team.ok("gate D-1", user="li").out
    team.ok("submit D-1 accept", user="li", now=TUESDAY)
    team.ok("approve R-1", user="boss", now=TUESDAY)
    assert "交付 → 回款" in team.ok("advance D-1", user="li", now=TUESDAY).out
    assert "回款 → 交付" in team.ok("advance D-1 --to 交付", user="li", now=TUESDAY).out
    team.ok("advance D-1 --to 维护", user="li", now=TUESDAY)
    now = deal(team)
    assert (now["stage"], now["kind"], now["closed_at"]) == ("维护", "won", "2026-03-02T02:00:00Z")
    assert now["last_open_stage"] == "线索"
    for line in ("advance D-1", "win D-1", "advance D-1 --to 报价", "lose D-1 --reason x"):
        assert "is won already" in refused(team, line, 5).err
    refused(team, "submit D-1 accept", 5)
    rows = team.ok("report funnel -o json", user="root").json
    assert [row["reached"] for row in rows] == [1, 1, 1, 1, 1, 1]
    assert [row["stage"] for row in team.ok("report durations -o json", user="root").json][2:] == [
        *("赢单", "交付", "回款", "维护"),
    ]


def test_a_jump_beyond_the_win_passes_every_gate_on_the_way_and_wins(team: InProcess) -> None:
    assert "file:合同" in refused(team, "advance D-1 --to 交付", 7).err
    team.ok("deal attach D-1 c.pdf --kind 合同", user="li")
    assert "is won: 线索 → 交付" in team.ok("advance D-1 --to 交付", user="li").out
    assert deal(team)["closed_at"] == "2026-03-02T02:00:00Z"
    team.ok("deal reopen D-1 -m again", user="boss")
    assert (deal(team)["stage"], deal(team)["closed_at"]) == ("线索", None)


def test_of_a_won_deal_what_was_sold_is_locked_and_the_rest_is_not(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    for field in ("amount=5", "currency=EUR", "discount=5", "margin=5", "payment_days=5"):
        assert "won and locked" in refused(team, f"deal edit D-1 --set {field}", 4).err
    assert "won and locked" in refused(team, "deal edit D-1 --customer Globex", 4).err
    assert "won and locked" in refused(team, "deal assign D-1 --to boss", 4, "boss").err
    assert "say why" in refused(team, "deal edit D-1 --set amount=6000", 2, "root").err
    team.ok("deal edit D-1 --set amount=6000 -m corrected", user="root")
    assert "Undo:" in team.ok("deal edit D-1 --set title=Works --set expected_close=2026-04-01", user="li").out
    team.ok("undo", user="li")
    assert deal(team)["title"] == "Plant"
    team.ok("deal edit D-1 --set next_step=call --set next_step_on=+3d", user="li")
    team.ok("deal attach D-1 c.pdf --kind 合同", user="li")
    team.ok("note D-1 'call: all is well -> +7d visit them'", user="li")
    risks = team.ok("audit risks --risk won -o json", user="root").json
    assert [row["what"] for row in risks] == ["changed amount: corrected"]


def test_nobody_plans_for_a_deal_that_is_at_its_end(team: InProcess) -> None:
    team.ok("deal attach D-1 c.pdf --kind 合同", user="li")
    team.ok("win D-1", user="li")
    team.ok("add R --pipeline 续约 --amount 5", user="li")
    team.ok("win D-2", user="li")
    assert "is closed" in refused(team, "note D-2 'x -> +3d call'", 5).err


def test_what_goes_on_after_the_win_is_not_archived_by_itself(team: InProcess) -> None:
    team.ok("add R --pipeline 续约 --amount 5", user="li")
    team.ok("win D-1", user="li")
    team.ok("win D-2", user="li")
    assert "D-2 R archived" in team.ok("tick", user="root", now=MAY).out
    assert [row["id"] for row in team.ok("ls -o json", user="root").json] == ["D-1"]


def test_moves_stay_inside_a_pipeline_and_each_has_its_own_win(team: InProcess) -> None:
    team.ok("add R --pipeline 续 --amount 5", user="li")
    assert deal(team, "D-2")["stage"] == "待续"
    assert "no such pipeline: 新" in refused(team, "add R --pipeline 新", 3).err
    for line in ("advance D-2 --to 报价", "advance D-1 --to 续签"):
        assert "of another pipeline" in refused(team, line, 7).err
    team.ok("win D-2", user="li")
    assert deal(team, "D-2")["stage"] == "续签"
    team.ok("lose D-1 --reason x", user="li")
    assert deal(team)["stage"] == "输单"


def test_a_report_is_about_one_pipeline_and_counts_the_others(team: InProcess) -> None:
    team.ok("add R --pipeline 续约 --amount 7", user="li")
    first = team.ok("report funnel -o json", user="root")
    assert [row["stage"] for row in first.json] == ["线索", "报价", "赢单", "交付", "回款", "维护"]
    assert (first.json[0]["reached"], first.json[0]["amount"]) == (1, "5000.00")
    assert "1 deal in other pipelines left out (续约 1)" in first.err
    other = team.ok("report funnel --pipeline 续约 -o json", user="root")
    assert [(row["stage"], row["reached"]) for row in other.json] == [("待续", 1), ("续签", 0)]
    assert "(the first 1)" in other.err
    assert [row["deal"] for row in team.ok("board --pipeline 续约 -o json", user="root").json] == ["D-2"]
    assert [row["deal"] for row in team.ok("report waiting -o json", user="root").json] == ["D-1"]
    for line in ("add S --pipeline 续约 --customer Globex", "add T --customer Globex"):
        team.ok(line, user="li")
    for flag, number in (("", 2), ("--pipeline 续约", 1)):
        rows = team.ok(f"report customers {flag} -o json", user="root").json
        assert [row["open_deals"] for row in rows if row["customer"] == "Globex"] == [number]
    for name in ("overdue", "turnaround", "response", "satisfaction", "followup", "ghosts", "probability"):
        team.ok(f"report {name} --pipeline 续约", user="root")
    assert "no such pipeline" in refused(team, "report durations --pipeline nix", 3).err


def test_the_stays_of_a_file_tell_when_a_deal_was_won(team: InProcess) -> None:
    (team.folder / "d.csv").write_text(
        "id,stage,open,won,on\n7,交付,2026-01-05,2026-02-01,2026-02-10\n8,维护,2026-01-05,,2026-02-10\n", "utf-8"
    )
    (team.folder / "d.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "id"\nstage = "stage"\n'
        '[entered]\n"报价" = "open"\n"赢单" = "won"\n"交付" = "on"\n"维护" = "on"\n',
        "utf-8",
    )
    team.ok("import d.csv --mapping d.toml", user="root")
    closed = {row["external_id"]: row["closed_at"][:10] for row in team.ok("ls -o json", user="root").json[1:]}
    assert closed == {"7": "2026-01-31", "8": "2026-02-09"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('name = "流失"\nkind = "lost"', 'name = "流失"\nkind = "won"'), "the pipeline 续约: no stage of kind lost"),
        (('name = "续签"\nkind = "won"', 'name = "续签"\nkind = "lost"'), "the pipeline 续约: no stage of kind won"),
        (('name = "待续"\n', 'name = "待续"\nkind = "won"\n'), "the pipeline 续约: no stage of kind lead or open"),
        (('name = "待续"\n', 'name = "待续"\nnext = ["报价"]\n'), "next: '报价' is of another pipeline"),
        (('name = "线索"\n', 'name = "线索"\npipeline = "新签"\n'), "only the first pipeline may have no name"),
    ],
)
def test_each_of_several_pipelines_is_a_way_by_itself(opp: InProcess, change: tuple[str, str], why: str) -> None:
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("policy check team.toml")
    (opp.folder / "team.toml").write_text(POLICY.replace(*change, 1), "utf-8")
    answer = refused(opp, "policy check team.toml", 8, "root")
    told = answer.out + answer.err
    assert [line for line in told.splitlines() if "P067" in line and why in line] != [], told


def test_a_won_stage_that_no_next_leads_to_is_told(opp: InProcess) -> None:
    text = POLICY.replace('name = "交付"\nkind = "won"', 'name = "交付"\nkind = "won"\nnext = ["维护"]', 1)
    text = text.replace('name = "维护"\nkind = "won"', 'name = "维护"\nkind = "won"\nnext = ["交付"]', 1)
    text = text.replace('name = "赢单"\nkind = "won"', 'name = "赢单"\nkind = "won"\nnext = ["交付"]', 1)
    text = text.replace('name = "报价"\n', 'name = "报价"\nnext = ["赢单"]\n', 1)
    text = text.replace('name = "线索"\nkind = "lead"', 'name = "线索"\nkind = "lead"\nnext = ["报价"]', 1)
    (opp.folder / "team.toml").write_text(text, "utf-8")
    answer = refused(opp, "policy check team.toml", 8, "root")
    assert "no next leads to it" in answer.out + answer.err
