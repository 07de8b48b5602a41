"""Duplicates as people meet them: looked up whenever something is written, listed, merged, taken back, kept apart."""

import pytest
from begun import begun
from command_line import InProcess
from stages import IN_CHINESE, team_policy

from oppcli import store
from oppcli.reads.dupes import offered

POLICY = team_policy(
    """[duplicates]
rule = [
  { name = "信用代码", of = "customer", same = ["tax_id"], sure = true, cli = "block" },
  { name = "同名",     of = "customer", same = ["name"] },
  { name = "同电话",   of = "customer", same = ["phone"], like = { name = 50 } },
  { name = "近似",     of = "customer", like = { name = 85 } },
  { name = "撞单",     of = "deal",     same = ["customer", "product"] },
]
""",
    IN_CHINESE,
    """[type.quote]
title = "报价审批"
material = ["amount", "customer"]
[[type.quote.step]]
name = "主管"
who = ["manager"]
""",
    hours='"09:00-12:00", "13:00-18:00"',
)


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang leads li and zhou; each of them has a customer and a deal."""
    opp = opp_on_both
    policy = opp.folder / "team.toml"
    policy.write_text(POLICY, encoding="utf-8")
    assert opp("init", "--policy", str(policy)).code == 0
    for line in ("user add li --manager wang", "user add zhou --manager wang"):
        assert opp(line).code == 0, line
    assert opp("add A --customer 上海精密仪器有限公司 --set product=MES --amount 500000", user="li").code == 0
    return opp


def customer(opp: InProcess, name: str, **more: object) -> int:
    """A customer with fields, written through the door: its number."""
    from oppcli.model.deals import Customer
    from oppcli.model.journal import Stamp

    with store.open_write(opp.env["OPP_DB"], Stamp(actor="li", now=1_772_442_000_000)) as door:
        made = door.add(Customer(name=name, key=name.casefold(), created_by="li", **more))  # type: ignore[arg-type]
    return made.id


def pairs(opp: InProcess, line: str = "dupes") -> list[tuple[str, str, str, int]]:
    return [(row["first"], row["second"], row["rule"], row["likeness"]) for row in opp(f"{line} -o json").json]


def test_what_is_written_and_may_be_there_already_is_said_with_whose_it_is(team: InProcess) -> None:
    answer = team("add", "B", "--customer", "精密仪器（上海）有限公司", user="zhou")
    assert answer.code == 0
    assert answer.err == (
        "warning: C-2 may be C-1 上海精密仪器有限公司: 同名 100 %, owner li, 1 deal under way (线索), never in touch\n"
    )
    assert pairs(team) == [("C-1", "C-2", "同名", 100)]
    assert team("export matches -c id,state -o csv").out == "id,state\nM-1,open\n"
    # It is asked once: what changes in nothing that is compared opens no second match.
    assert team("deal edit D-2 --amount 5", user="zhou").err == ""


def test_a_name_that_is_only_alike_is_found_among_those_that_begin_alike(team: InProcess) -> None:
    answer = team("add B --customer 上海精密仪器仪有限公司", user="zhou")
    assert "同名" not in answer.err
    assert "近似 90 %" in answer.err


def test_the_same_phone_counts_in_any_spelling_where_the_names_are_alike(team: InProcess) -> None:
    first = customer(team, "上海精密仪器制造", phone=("021-5888 1234",))
    second = customer(team, "上海精密仪表", phone=("+86 21 58881234 转 8",))
    customer(team, "北京食品", phone=("(021)58881234",))
    found = [row for row in pairs(team) if row[2] == "同电话"]
    assert found == [(f"C-{first}", f"C-{second}", "同电话", 66)]


def test_two_deals_of_two_owners_are_a_conflict_that_is_told_once(team: InProcess) -> None:
    answer = team("add C --customer 上海精密仪器有限公司 --set product=mes", user="zhou")
    assert "撞单 100 %, owner li" in answer.err
    tasks = team("export tasks -o json").json
    assert [(task["kind"], task["assignee"], task["state"], task["deal_id"]) for task in tasks] == [
        ("conflict", "wang", "open", "D-2")
    ]
    told = team("notices list -o json").json
    assert [(notice["to"], notice["kind"]) for notice in told] == [("li", "conflict"), ("zhou", "conflict")]
    team("deal edit D-2 --amount 7", user="zhou")
    assert len(team("export tasks -o json").json) == 1


def test_two_deals_of_one_owner_are_none(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set product=MES", user="li")
    assert pairs(team) == [("D-1", "D-2", "撞单", 100)]
    assert team("export tasks -o json").json == []


def test_closing_a_deal_ends_the_conflict(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set product=MES", user="zhou")
    assert team("lead reject D-2 --reason other", user="zhou").code == 0
    assert [task["state"] for task in team("export tasks -o json").json] == ["cancelled"]
    assert pairs(team) == []


def test_records_that_were_called_different_are_never_asked_about_again(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set product=MES", user="zhou")
    assert team("dupes keep D-1 D-2 -m 'two plants'", user="li").code == 4
    assert team("dupes keep D-1 D-2").code == 2
    assert team("dupes keep D-1 D-2 -m 'two plants'").code == 0
    assert pairs(team) == []
    assert [task["state"] for task in team("export tasks -o json").json] == ["done"]
    assert team("deal edit D-2 --set product=MES2", user="zhou").err == ""
    assert team("deal edit D-2 --set product=MES", user="zhou").err == ""


def states(opp: InProcess, noun: str) -> list[str]:
    return [row["state"] for row in opp(f"export {noun} -o json").json]


def test_that_two_are_different_is_taken_back_and_said_again_by_undo(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set product=MES", user="zhou")
    kept = team.ok("dupes keep D-1 D-2 -m 'two plants'").out
    assert "Undo: opp undo e" in kept
    run = kept.split()[-1]
    assert team(f"undo {run}", user="li").code == 4
    undone = team.ok("undo").out
    assert "D-1 and D-2 may be one again" in undone
    assert (pairs(team), states(team, "tasks"), states(team, "matches")) == (
        [("D-1", "D-2", "撞单", 100)],
        ["open"],
        ["open"],
    )
    assert "D-1 and D-2 are different again" in team.ok(f"undo {undone.split()[-1]}").out
    assert (pairs(team), states(team, "tasks"), states(team, "matches")) == ([], ["done"], ["different"])


def test_a_pair_that_no_rule_told_of_is_as_it_was_after_undo(team: InProcess) -> None:
    team("add C --customer Globex", user="zhou")
    team.ok("dupes keep C-1 C-2 -m 'two firms'")
    team.ok("undo")
    assert states(team, "matches") == []
    team.ok("dupes keep C-1 C-2 -m 'two firms'")


def test_below_pairs_stand_the_commands_that_decide_one(team: InProcess) -> None:
    team("add B --customer '精密仪器（上海）有限公司'", user="zhou")
    footer = [note.text for note in offered([tuple(team("dupes -o json").json[0].values())])]
    assert footer == ["1 pair may be one", "opp merge C-1 C-2", "opp dupes keep C-1 C-2 -m …"]


def test_a_merge_that_names_no_record_is_told_with_its_own_records(team: InProcess) -> None:
    team("customer add Globex")
    lines = ("C-1 Globex", "C-1 C-2 --keep phone=C-9", "C-1 C-2 --keep fax=C-2")
    assert [team(f"merge {line}").err.splitlines()[-1] for line in lines] == [
        "hint: opp customer list",
        "hint: opp merge C-1 C-2 --keep phone=C-2",
        "hint: opp fields customer",
    ]


def test_a_list_of_pairs_that_is_empty_says_so_beside_the_answer(team: InProcess) -> None:
    empty = team.ok("dupes")
    assert empty.err == "nothing that may be one is left to decide\n"
    assert (team.ok("dupes -o json").err, team.ok("-q dupes").err) == ("", "")


def test_a_merge_moves_fills_and_tells_what_did_not_stay(team: InProcess) -> None:
    team("add B --customer '精密仪器（上海）有限公司' --amount 100", user="zhou")
    third = customer(team, "上海精密仪器", phone=("13800138000",), tax_id="91", owner="li", tags=("vip",))
    answer = team(f"merge C-1 C-2 C-{third}")
    assert answer.out == (
        "C-2 精密仪器（上海）有限公司 merged into C-1 上海精密仪器有限公司: 1 deal\n"
        "C-3 上海精密仪器 merged into C-1 上海精密仪器有限公司: filled: phone, tax_id, tags\n"
        "name stays 上海精密仪器有限公司, not 精密仪器（上海）有限公司\n"
        "owner stays li, not zhou\n"
        "name stays 上海精密仪器有限公司, not 上海精密仪器\n"
        "Undo: opp unmerge C-3 C-2\n"
    )
    kept = team("show C-1 -o json").json
    assert (kept["phone"], kept["tax_id"], kept["owner"], kept["tags"]) == (["13800138000"], "91", "li", ["vip"])
    # A merged reference means what stands for it.
    assert team("show C-2 -o json").json["id"] == "C-1"
    assert [row["customer"] for row in team("deal list -o json").json] == ["上海精密仪器有限公司"] * 2
    assert team("add D --customer 精密仪器（上海）有限公司", user="li").code == 0
    assert team("show D-3 -o json").json["customer"] == "上海精密仪器有限公司"
    assert pairs(team, "dupes customer") == []


def test_a_number_in_another_spelling_is_no_second_number_and_an_extension_is_one(team: InProcess) -> None:
    customer(team, "甲公司", phone=("021-5888 1234",), email=("Wang@a.cn",))
    customer(team, "乙公司", phone=("02158881234", "021-5888 1234 转 8001"), email=("wang@a.cn",))
    team("merge C-2 C-3")
    kept = team("show C-2 -o json").json
    assert (kept["phone"], kept["email"]) == (["021-5888 1234", "021-5888 1234 转 8001"], ["Wang@a.cn"])


def test_a_merge_of_several_says_how_it_is_taken_back_and_so_does_its_undo(team: InProcess) -> None:
    customer(team, "乙公司")
    customer(team, "丙公司")
    assert team("merge C-1 C-2 C-3").out.endswith("Undo: opp unmerge C-3 C-2\n")
    answer = team("undo")
    assert (answer.code, answer.err.splitlines()[-1]) == (5, "hint: opp unmerge C-3 C-2")
    assert team("unmerge C-3 C-2").code == 0
    assert team("customer list --ids").out.split() == ["C-1", "C-2", "C-3"]
    assert team("undo").err.splitlines()[-1] == "hint: opp merge C-1 C-3 C-2"


def test_a_merge_of_deals_tells_customers_by_their_ids(team: InProcess) -> None:
    team("add B --customer 乙公司", user="zhou")
    assert "customer stays C-1, not C-2\n" in team("merge D-1 D-2").out


def test_of_two_values_another_is_kept_where_that_is_said(team: InProcess) -> None:
    customer(team, "甲公司", phone=("1",), region="华东")
    customer(team, "乙公司", phone=("2",), region="华南")
    answer = team("merge C-2 C-3 --keep phone=C-3 --keep name=C-3")
    assert "name stays 乙公司, not 甲公司\n" in answer.out
    assert "phone stays 2, not 1\n" in answer.out
    kept = team("show C-2 -o json").json
    assert (kept["name"], kept["phone"], kept["region"]) == ("乙公司", ["2"], "华东")
    assert team("merge C-1 C-2 --keep colour=C-2").code == 2
    assert team("merge C-1 C-2 --keep phone=C-9").code == 2


def test_a_customer_that_somebody_else_protected_is_not_protected_for_its_owner(team: InProcess) -> None:
    mine = customer(team, "Globex", owner="li")
    theirs = customer(team, "Initech", owner="zhou", protected_until=1_776_000_000_000)
    own = customer(team, "Hooli", owner="li", protected_until=1_777_000_000_000)
    told = team(f"--tz Asia/Shanghai merge C-{mine} C-{theirs}").out
    assert "protected_until stays -, not Sun 12 Apr 21:20" in told
    assert team(f"show C-{mine} -o json").json["protected_until"] is None
    assert "filled: protected_until" in team(f"merge C-{mine} C-{own}").out
    assert team(f"show C-{mine} -o json").json["protected_until"] == "2026-04-24T03:06:40Z"


def test_an_unmerge_takes_back_what_nobody_changed_since_and_lists_the_rest(team: InProcess) -> None:
    team("add B --customer 精密仪器（上海）有限公司 --amount 100", user="zhou")
    customer(team, "别的", phone=("13800138000",), region="华东")
    team("merge C-1 C-2 C-3")
    assert team("unmerge C-1").code == 5
    answer = team("unmerge C-2")
    assert answer.out.splitlines() == [
        "C-2 精密仪器（上海）有限公司 is one of its own again",
        "Undo: opp merge C-1 C-2",
    ]
    assert [(row["id"], row["customer"]) for row in team("deal list --sort id -o json").json] == [
        ("D-1", "上海精密仪器有限公司"),
        ("D-2", "精密仪器（上海）有限公司"),
    ]
    assert team("show C-1 -o json").json["phone"] == ["13800138000"]
    assert pairs(team, "dupes customer") == [("C-1", "C-2", "同名", 100)]
    assert team("unmerge C-3").code == 0
    assert team("show C-1 -o json").json["phone"] == []
    assert team("audit verify").code == 0


def test_what_is_planned_of_a_deal_stands_through_a_merge_of_its_customer_and_back(team: InProcess) -> None:
    team.ok("add B --customer 精密仪器（上海）有限公司 --amount 100", user="zhou")
    team.ok("note D-2 -k call --next tomorrow --what call text", user="zhou")
    team.ok("merge C-1 C-2")
    team.ok("unmerge C-2")
    deal = team.ok("show D-2 -o json").json
    assert (deal["customer"], deal["next_step"]) == ("精密仪器（上海）有限公司", "call")


def test_a_deal_that_was_moved_on_since_stays_and_is_listed(team: InProcess) -> None:
    team("add B --customer 精密仪器（上海）有限公司 --amount 100", user="zhou")
    team("merge C-1 C-2")
    team("deal edit D-2 --customer 第三家", user="zhou")
    answer = team("unmerge C-2")
    assert answer.out.splitlines()[1] == "stays with C-1: D-2 customer_id"
    assert team("show D-2 -o json").json["customer"] == "第三家"


def test_deals_are_merged_with_their_live_requests_and_without_their_approvals(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set product=MES --amount 500000", user="zhou")
    assert team("submit D-2 quote", user="zhou").code == 0
    assert team("merge D-1 D-2", user="li").code == 4
    answer = team("merge D-1 D-2")
    assert "D-2 C merged into D-1 A: 1 task, 1 request" in answer.out
    request = team("request show R-1 -o json").json
    assert (request["deal"], request["state"], request["revision"]) == ("D-1", "pending", 1)
    assert [row["id"] for row in team("deal list -o json").json] == ["D-1"]
    assert next(row["reached"] for row in team("report funnel -o json").json) == 1
    assert team("unmerge D-2").code == 0
    assert team("request show R-1 -o json").json["deal"] == "D-2"
    assert len(team("deal list -o json").json) == 2
    assert team("audit verify").code == 0


def test_two_live_requests_of_a_type_and_open_with_closed_are_refused(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --amount 500000", user="zhou")
    team("submit D-1 quote", user="li")
    team("submit D-2 quote", user="zhou")
    answer = team("merge D-1 D-2")
    assert answer.code == 5
    assert "waits on both: R-1 and R-2" in answer.err
    team("lead reject D-2 --reason other", user="zhou")
    answer = team("merge D-1 D-2")
    assert answer.code == 5
    assert "is closed, and the other one is not" in answer.err


def test_a_merge_of_customers_is_no_material_change(team: InProcess) -> None:
    team("add B --customer 精密仪器（上海）有限公司 --amount 100", user="zhou")
    team("submit D-2 quote", user="zhou")
    team("approve R-1")
    assert team("request show R-1 -o json").json["state"] == "approved"
    team("merge C-1 C-2")
    team("deal edit D-2 --set region=华东", user="zhou")
    assert team("request show R-1 -o json").json["state"] == "approved"
    # Another customer is one.
    team("deal edit D-2 --customer 第三家", user="zhou")
    assert team("request show R-1 -o json").json["state"] != "approved"


def test_what_a_file_may_not_bring_is_told_with_the_record_and_what_lets_it_in(team: InProcess) -> None:
    policy = team.folder / "block.toml"
    policy.write_text(
        POLICY.replace('"同名",     of = "customer",', '"同名", of = "customer", import = "block",'), "utf-8"
    )
    team.ok("policy", "apply", str(policy))
    (team.folder / "c.csv").write_text("id,name\n1,上海市精密仪器公司\n2,Other\n", "utf-8")
    (team.folder / "c.toml").write_text(
        'kind = "customers"\nsystem = "x"\n[fields]\nexternal_id = "id"\nname = "name"\n', "utf-8"
    )
    answer = team("import c.csv --mapping c.toml")
    assert answer.code == 5
    assert answer.err == (
        "error: it may be there already: 同名\n"
        "  上海市精密仪器公司: C-1 上海精密仪器有限公司  同名 100 %, owner li, 1 deal under way (线索), "
        "never in touch\n"
        'hint: leave it out, or let it in and be told: import = "flag" in [duplicates] or its rule\n'
    )
    policy.write_text(POLICY, "utf-8")
    team.ok("policy", "apply", str(policy))
    assert "2 created" in team.ok("import c.csv --mapping c.toml").out


def test_what_is_blocked_is_refused_and_a_manager_may_write_it_all_the_same(team: InProcess) -> None:
    policy = team.folder / "block.toml"
    policy.write_text(
        POLICY.replace('"同名",     of = "customer",', '"同名", of = "customer", cli = "block",'), "utf-8"
    )
    assert team("policy", "apply", str(policy)).code == 0
    words = ("add", "B", "--customer", "精密仪器（上海）有限公司")
    answer = team(*words, user="zhou")
    assert answer.code == 5
    assert answer.err == (
        "error: it may be there already: 同名\n"
        "  C-1 上海精密仪器有限公司  同名 100 %, owner li, 1 deal under way (线索), never in touch\n"
        "hint: a manager may write it all the same: --anyway -m WHY\n"
    )
    assert len(team("deal list -o json").json) == 1
    assert team(*words, "--anyway", user="zhou").code == 2
    assert team(*words, "--anyway", "-m", "a branch", user="zhou").code == 4
    answer = team(*words, "--anyway", "-m", "a branch")
    assert answer.code == 0
    assert [(row["state"], row["reason"]) for row in team("export matches -o json").json] == [("open", "a branch")]


def test_what_somebody_does_not_see_is_told_by_whose_it_is_alone(team: InProcess) -> None:
    policy = team.folder / "scoped.toml"
    policy.write_text(POLICY + '[identity]\nproof = "login"\n[scope]\nsee = "own"\n', "utf-8")
    assert team("policy", "apply", str(policy)).code == 0
    answer = team("add C --customer 上海精密仪器有限公司 --set product=MES", user="zhou", env={"OPP_OS_USER": "zhou"})
    assert "D-1" not in answer.err + answer.out


def test_undo_takes_back_what_had_a_twin(team: InProcess) -> None:
    answer = team("add B --customer 精密仪器（上海）有限公司", user="zhou")
    assert "Undo: opp undo" in answer.out
    assert team("undo", user="zhou").code == 0
    assert pairs(team) == []


def test_a_text_is_explained_by_its_form_and_what_is_most_like_it(team: InProcess) -> None:
    rows = team("dupes customer --rule 近似 --explain 精密仪表（上海）公司 -o json").json
    assert [
        (row["form"], row["ref"], row["its_form"], row["likeness"], row["asked"], row["holds"]) for row in rows
    ] == [("上海精密仪表", "C-1", "上海精密仪器", 80, 85, False)]
    assert team("dupes --rule nothing").code == 2
    assert team("dupes colour").code == 2


def test_without_rules_nothing_is_found_and_nothing_refused(opp: InProcess) -> None:
    opp("init --template blank")
    assert opp("dupes -o json").json == []
    assert opp("add A --customer Acme").err == ""


def test_the_exit_code_tells_whether_there_are_any(team: InProcess) -> None:
    assert team("dupes --exit-code").code == 0
    team("add B --customer 精密仪器（上海）有限公司", user="zhou")
    assert team("dupes --exit-code").code == 10


def test_a_merge_is_undone_by_its_own_verb(team: InProcess) -> None:
    team("add B --customer 精密仪器（上海）有限公司", user="zhou")
    team("merge C-1 C-2")
    answer = team("undo")
    assert answer.code == 5
    assert "opp unmerge C-2" in answer.err


def test_time_compares_all_with_all_once_something_new_was_written(team: InProcess) -> None:
    assert team("tick --no-delivery").out == "nothing was due\n"
    customer(team, "上海精密仪器制造二厂", tax_id="9")
    customer(team, "新上海精密仪器制造二厂")
    answer = team("tick --no-delivery")
    assert answer.out == "1 pair may be one: opp dupes list customer\n"
    assert [row["rule"] for row in team("export matches -o json").json] == ["近似"]
    assert team("tick --no-delivery").out == "nothing was due\n"


def test_an_import_flags_and_counts_and_finds_what_was_merged(team: InProcess) -> None:
    rows = "id,title,customer,stage\n1,X,精密仪器（上海）有限公司,线索\n2,Y,乙公司,线索\n"
    (team.folder / "rows.csv").write_text(rows, "utf-8")
    mapping = (
        'system = "crm"\n[fields]\nexternal_id = "id"\ntitle = "title"\nstage = "stage"\n[fields.customer]\n'
        'column = "customer"\ncreate = true\n'
    )
    (team.folder / "map.toml").write_text(mapping, "utf-8")
    line = ("import", str(team.folder / "rows.csv"), "--mapping", str(team.folder / "map.toml"))
    answer = team(*line)
    assert answer.code == 0, answer.err
    assert "warning: 1 pair may be one: opp dupes list customer\n" in answer.err
    assert team("merge C-1 C-2").code == team("merge D-1 D-2").code == 0
    again = team(*line)
    assert "0 created, 0 updated, 2 unchanged" in again.out
    assert [row["id"] for row in team("deal list --sort id -o json").json] == ["D-1", "D-3"]


def test_a_customer_is_found_in_any_spelling_of_what_rules_compare(team: InProcess) -> None:
    customer(team, "乙公司", phone=("021-5888 1234",), tax_id="91AB")
    team("add B --customer 乙公司", user="li")

    def found(text: str) -> list[str]:
        return [row["id"] for row in team("deal", "list", "--customer", text, "-o", "json").json]

    assert found("精密仪器（上海）股份有限公司") == ["D-1"]
    assert [found(text) for text in ("+86 21 58881234", "（021）58881234", "91ab")] == [["D-2"]] * 3


def test_contacts_are_merged_with_their_part_in_deals_and_activities(team: InProcess) -> None:
    from oppcli.model.deals import Contact, Deal, Participant
    from oppcli.model.follow import Activity, Watch
    from oppcli.model.journal import Stamp
    from oppcli.model.noun import replace

    with store.open_write(team.env["OPP_DB"], Stamp(actor="li", now=1_772_442_000_000)) as door:
        first = door.add(Contact(name="王伟", key="王伟", customer_id=1, created_by="li"))
        second = door.add(Contact(name="王 伟", key="王 伟", phone=("13800138000",), title="总监", created_by="li"))
        deal = door.get(Deal, 1)
        door.save(deal, replace(deal, contacts=(Participant(contact_id=second.id, role="决策人"),)))
        door.add(Activity(kind="call", text="x", at=1, who="li", deal_id=1, contacts=(second.id, first.id)))
        door.add(Watch(login="li", noun="contact", key=second.id))
    answer = team("merge P-1 P-2")
    assert answer.out.splitlines()[0] == ("P-2 王 伟 merged into P-1 王伟: 1 deal, 1 activity; filled: title, phone")
    assert team("show P-2 -o json").json["id"] == "P-1"
    with store.open_read(team.env["OPP_DB"]) as door:
        assert [each.contact_id for each in door.get(Deal, 1).contacts] == [1]
        assert door.find(Activity)[0].contacts == (1,)
        assert door.find(Watch)[0].key == 1
    assert team("unmerge P-2").code == 0
    with store.open_read(team.env["OPP_DB"]) as door:
        assert [(each.contact_id, each.role) for each in door.get(Deal, 1).contacts] == [(2, "决策人")]
        assert door.find(Activity)[0].contacts == (2, 1)
        assert door.find(Watch)[0].key == 2
        assert door.get(Contact, 1).phone == ()


def test_what_belongs_to_a_deal_goes_with_it_and_its_next_step_where_there_is_none(team: InProcess) -> None:
    team("add C --customer 上海精密仪器有限公司 --set 'next_step=call them' --set next_step_on=2026-03-09", user="zhou")
    (team.folder / "offer.txt").write_text("x", "utf-8")
    assert team("deal", "attach", "D-2", str(team.folder / "offer.txt"), "--kind", "报价单", user="zhou").code == 0
    answer = team("merge D-1 D-2")
    assert answer.out.splitlines()[0] == "D-2 C merged into D-1 A: 1 file, 1 task"
    shown = team("show D-1 -o json").json
    assert (shown["next_step"], shown["next_step_on"]) == ("call them", "2026-03-09")
    assert team("export files -c deal_id -o csv").out == "deal_id\nD-1\n"
    assert team("unmerge D-2").code == 0
    assert team("export files -c deal_id -o csv").out == "deal_id\nD-2\n"
    assert team("show D-1 -o json").json["next_step"] is None


def test_a_merge_taken_back_in_the_middle_of_a_chain_gives_all_back_that_came_through_it(team: InProcess) -> None:
    customer(team, "乙公司", tax_id="T1", phone=("13800001111",))
    customer(team, "丙公司", phone=("13800002222",))
    team.ok("add B --customer 乙公司")
    team.ok("merge C-1 C-2")
    team.ok("merge C-3 C-1")
    assert team.ok("unmerge C-2").out.splitlines()[0] == "C-2 乙公司 is one of its own again"
    deals = [(row["id"], row["customer"]) for row in team.ok("deal list --sort id -o json").json]
    assert deals == [("D-1", "丙公司"), ("D-2", "乙公司")]
    kept = team.ok("show C-3 -o json").json
    assert (kept["tax_id"], kept["phone"]) == (None, ["13800002222"])
    assert "stays with" not in team.ok("unmerge C-1").out
    assert team.ok("show D-1 -o json").json["customer"] == "上海精密仪器有限公司"
    assert team("audit verify").code == team("db check").code == 0


def test_what_is_one_already_is_said_to_be(team: InProcess) -> None:
    customer(team, "乙公司")
    team.ok("merge C-1 C-2")
    again = team("merge C-2 C-1")
    assert (again.code, again.err.splitlines()[0]) == (5, "error: C-2, C-1 are one already: C-1")
    assert team("merge C-1 C-1").code == 2


DERIVED = """
[follow]
deadline = [
  { name = "首次联系", from = "assigned", within = "24h", calendar = "always", done = ["touch"] },
  { name = "方案", from = "首次联系", within = "72h", calendar = "always", done = ["file:方案"] },
  { name = "决策人", from = "created", within = "14 days", when = "amount >= 50万", done = ["contact:决策人"] },
]
[[score]]
name = "fit"
rules = [{ when = "touches_30d >= 2", points = 30 }, { when = "amount >= 50万", points = 40 }]
grades = { A = 70, B = 40, C = 0 }
"""


def open_tasks(opp: InProcess) -> list[tuple[str, str]]:
    tasks = opp.ok("export tasks -w 'state == open' -o json").json
    return sorted((task["deal_id"], task["title"]) for task in tasks)


def test_what_was_done_on_the_other_deal_counts_for_the_one_that_stays_and_back(team: InProcess) -> None:
    (team.folder / "team.toml").write_text(POLICY + DERIVED, encoding="utf-8")
    team.ok("policy apply team.toml")
    team.ok("add 一 --customer 乙公司", user="li")
    team.ok("add 二 --customer 乙公司 --amount 600000", user="li")
    team.ok("note D-3 电话：一", user="li")
    team.ok("note D-3 电话：二", user="li")
    before = open_tasks(team)
    said = team.ok("merge D-2 D-3").out
    assert "fit" not in said
    assert "score" not in said
    assert "首次联系 is met" in said
    assert open_tasks(team) == [("D-2", "决策人"), ("D-2", "方案")]
    assert team.ok("deal list -w 'id == 2' -c fit,grade --csv --no-header").out == "70,A\n"
    team.ok("unmerge D-3")
    assert open_tasks(team) == before
    assert team.ok("deal list --sort id -c fit,grade --csv --no-header").out.splitlines()[1:] == ["0,C", "70,A"]
    assert team("audit verify").code == team("db check").code == 0


def test_a_filter_takes_what_was_merged_for_its_survivor(team: InProcess) -> None:
    team.ok("add B --customer 乙公司")
    team.ok("merge C-1 C-2")
    asked = [team(f"deal list --sort id --customer {name} --ids") for name in ("乙公司", "C-2", "C-1")]
    assert [each.out for each in asked] == ["D-1\nD-2\n"] * 3
    assert (team("deal list --customer C-9").code, team("deal list --customer 丙公司").code) == (3, 3)


CRM = """
kind = "customers"
system = "crm"
[fields]
external_id = "id"
name = "name"
phone = "phone"
region = "region"
"""
FIRMS = "id,name,phone,region\n1,甲公司,13800001111,华东\n2,甲有限公司,13800002222,\n"


def test_a_file_that_still_has_what_was_merged_comes_in_again_and_changes_nothing(team: InProcess) -> None:
    (team.folder / "crm.toml").write_text(CRM, encoding="utf-8")

    def brought(text: str) -> str:
        (team.folder / "firms.csv").write_text(text, encoding="utf-8")
        return team.ok("import firms.csv --mapping crm.toml").out.splitlines()[0].partition(": ")[2]

    assert brought(FIRMS).startswith("2 created")
    team.ok("merge C-2 C-3")
    before = team.ok("show C-2 -o json").json
    assert brought(FIRMS) == "0 created, 0 updated, 2 unchanged, 0 rejected"
    assert (
        brought("id,name,phone,region\n2,甲有限公司,13800002222,\n") == "0 created, 0 updated, 1 unchanged, 0 rejected"
    )
    assert team.ok("show C-2 -o json").json == before
    # What such a row says anew is the survivor's, and nothing else of the row is.
    assert brought("id,name,phone,region\n2,甲有限公司,13800002222,华北\n").startswith("0 created, 1 updated")
    after = team.ok("show C-2 -o json").json
    assert (after["name"], after["phone"], after["region"]) == (before["name"], before["phone"], "华北")


def test_lists_of_a_deal_and_a_timeline_take_what_was_merged_for_what_stands(team: InProcess) -> None:
    team.ok("add B --customer C-1", user="li")
    team.ok("contact add 王总 --customer C-1")
    team.ok("contact add 王总 --customer C-1")
    team.ok("merge D-1 D-2")
    team.ok("merge P-1 P-2")
    team.ok("note D-2 call: 问好 --with P-2", user="li")
    team.ok("task add 报价 --for D-2", user="li")
    for line in ("activity list --deal {}", "task list --deal {}", "timeline {}", "request list --deal {}"):
        of_survivor, of_merged = (team.ok(line.format(name) + " --json").json for name in ("D-1", "D-2"))
        assert of_merged == of_survivor
    assert [row["kind"] for row in team.ok("timeline D-2 --json").json][1:] == ["tenure", "merge", "activity", "task"]
    assert team.ok("timeline P-2 --json").json == team.ok("timeline P-1 --json").json
    assert {row["id"] for row in team.ok("log D-2 --json").json} == {"D-2"}  # the journal is each record's own


def test_a_contact_is_unlinked_by_the_reference_that_was_merged(team: InProcess) -> None:
    for _ in range(2):
        team.ok("contact add 王总 --customer C-1")
    team.ok("merge P-1 P-2")
    team.ok("deal link D-1 P-2", user="li")
    assert "P-1 has nothing to do with it any more" in team.ok("deal unlink D-1 P-2", user="li").out
    assert team("deal unlink D-1 P-9", user="li").code == 3


def test_an_unmerge_wakes_no_conflict_of_a_deal_that_was_closed_meanwhile(team: InProcess) -> None:
    team.ok("add B --customer C-1 --set product=MES", user="zhou")
    team.ok("merge D-1 D-2")
    team.ok("lose D-1 --reason 价格", user="li")
    team.ok("unmerge D-2")
    assert team.ok("task list --kind conflict -o ids").out == ""
    assert team.ok("dupes -o ids").out == ""


def test_a_conflict_that_a_merge_of_customers_opened_ends_when_that_is_taken_back(team: InProcess) -> None:
    team.ok("add B --customer 北京食品 --set product=MES", user="zhou")
    team.ok("add C --customer 广州纸业 --set product=MES", user="zhou")
    team.ok("merge C-1 C-2 C-3")
    assert [row[:3] for row in pairs(team)] == [
        ("D-1", "D-2", "撞单"),
        ("D-1", "D-3", "撞单"),
        ("D-2", "D-3", "撞单"),
    ]
    assert team.ok("task list --kind conflict -o ids").out.split() == ["T-1", "T-2"]
    team.ok("unmerge C-3")
    assert [row[:3] for row in pairs(team)] == [("D-1", "D-2", "撞单")]
    tasks = team.ok("task list --kind conflict --all -o json").json
    assert [(task["id"], task["state"]) for task in tasks] == [("T-1", "open"), ("T-2", "cancelled")]
    # What the two are called different for stands; merged again, they are asked about again.
    team.ok("dupes keep D-1 D-2 -m 'two plants'")
    team.ok("unmerge C-2")
    assert states(team, "matches") == ["different"]
    assert pairs(team) == []
    team.ok("merge C-1 C-3")
    assert [row[:3] for row in pairs(team)] == [("D-1", "D-3", "撞单")]
    assert team.ok("task list --kind conflict -o ids").out.split() == ["T-3"]


def test_a_request_that_saw_the_merged_deal_begins_anew_with_its_own_when_that_is_taken_back(team: InProcess) -> None:
    team.ok("add C --customer C-1 --amount 300000", user="zhou")
    team.ok("submit D-2 quote", user="zhou")
    assert "R-1 quote: revision 2" in team.ok("merge D-1 D-2").out
    assert "R-1 quote: revision 3" in team.ok("unmerge D-2").out
    request = team.ok("request show R-1 -o json").json
    assert (request["deal"], request["revision"], request["snapshot"]["amount"]) == ("D-2", 3, "300000.00")


@pytest.mark.parametrize("line", ["deal assign D-2 --to zhou", "deal edit D-2 --owner zhou"])
def test_two_deals_that_come_to_two_owners_are_a_conflict_from_then_on_and_told_once(
    team: InProcess, line: str
) -> None:
    team.ok("add B --customer C-1 --set product=MES", user="li")
    assert team.ok("task list --kind conflict -o ids").out == ""
    assert "to do: T-1 撞单: D-1 / D-2, wang" in team.ok(line).out
    assert {row["to"] for row in team.ok("notices list --all -o json").json if row["kind"] == "conflict"} == {
        "li",
        "zhou",
    }
    team.ok("deal assign D-2 --to li")
    team.ok("deal assign D-2 --to zhou")
    assert team.ok("task list --kind conflict -o ids --all").out.split() == ["T-1"]
