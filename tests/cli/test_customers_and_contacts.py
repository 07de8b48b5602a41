"""Customers and contacts: added, changed, listed, shown; linked to deals; whose right it takes; their own fields."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from stages import IN_CHINESE, team_policy

POLICY = team_policy(
    IN_CHINESE,
    """[fields.hall]
required_when = "source == '展会'"
[fields.hotline]
type = "phone"
[fields.customer.vip]
type = "bool"
[fields.customer.credit]
type = "money"
[fields.customer.ground]
required_when = "industry == '机械'"
[fields.contact.birthday]
type = "date"

[[tag]]
name = "大单"
when = "amount >= 50万"
""",
    fallback="user:wang",
    hours='"09:00-17:00"',
    head='language = "zh"\n',
)


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang (admin), li and chen (sales), tor (somebody else); answers in English."""
    opp = opp_on_both
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    for login in ("li", "chen", "tor"):
        opp.ok(f"user add {login}")
    return opp


def test_a_customer_keeps_what_was_typed_and_is_its_makers(team: InProcess) -> None:
    said = team.ok(
        "customer add 上海精密 --phone '021-5888 1234' --phone 110 --email a@b.cn --website www.jm.cn --tier A"
        " --tag 重点",
        user="li",
    ).out
    (row,) = team.ok("customer list --json").json
    assert said.startswith("C-1 added: 上海精密, owner li\n")
    assert [row[name] for name in ("id", "name", "owner", "tier", "live_deals")] == ["C-1", "上海精密", "li", "A", 0]
    assert [row[name] for name in ("phone", "email", "website", "tags")] == [
        ["021-5888 1234", "110"],
        ["a@b.cn"],
        "www.jm.cn",
        ["重点"],
    ]


def test_every_value_that_cannot_be_kept_is_refused_at_once(team: InProcess) -> None:
    refused = team("customer add A --phone x --email foo --website bar --set color=red -o json")
    assert refused.code == 2
    assert [reason["what"] for reason in refused.error["reasons"]] == ["phone", "email", "website", "color"]
    assert team.ok("customer list --json").json == []


def test_two_customers_may_have_one_name_which_then_names_neither(team: InProcess) -> None:
    for _ in range(2):
        team.ok("customer add 精密 -q")
    refused = team("add MES --customer 精密 -o json")
    assert refused.code == 5
    assert [reason["what"] for reason in refused.error["reasons"]] == ["C-1", "C-2"]
    team.ok("add MES --customer C-2")
    assert team.ok("ls -c customer --customer C-2 --json").json == [{"customer": "精密"}]


def test_what_is_somebodys_is_changed_by_who_works_for_it_and_what_is_nobodys_by_all(team: InProcess) -> None:
    team.ok("customer add A --owner li")
    team.ok("customer add B --owner none")
    team.ok("contact add Ann --customer A")
    assert team("customer edit C-1 --tier A", user="tor").code == 4
    assert team("contact edit P-1 --title CFO", user="tor").code == 4
    team.ok("add MES --customer C-1", user="chen")
    team.ok("deal link D-1 tor", user="chen")
    team.ok("customer edit C-1 --tier A", user="chen")
    team.ok("contact edit P-1 --title CFO", user="tor")
    assert team("customer edit C-1 --owner chen", user="chen").code == 4
    team.ok("customer edit C-1 --owner chen", user="li")
    team.ok("customer edit C-2 --tier B", user="tor")


def test_the_fields_that_a_policy_gives_customers_and_contacts_are_columns_filters_and_export(team: InProcess) -> None:
    team.ok("customer add A --set vip=yes --set credit=50万")
    team.ok("customer add B --set vip=no")
    team.ok("contact add Ann --customer A --set birthday=1990-05-01")
    rows = team.ok("customer list -w 'vip and credit > 10万' -c id,vip,credit,currency --json").json
    assert rows == [{"id": "C-1", "vip": True, "credit": "500000.00", "currency": "CNY"}]
    assert team.ok("contact list -c birthday --csv").out == "birthday\n1990-05-01\n"
    exported = team.ok("export customers -o json").json
    assert [(row["id"], row["vip"], row["credit"]) for row in exported] == [
        ("C-1", True, "500000.00"),
        ("C-2", False, None),
    ]
    assert [row["extra"] for row in exported] == [{"vip": True, "credit": "500000.00"}, {"vip": False}]


def test_a_field_is_required_where_its_condition_holds_and_all_that_lacks_is_told_at_once(team: InProcess) -> None:
    refused = team("add X --source 展会 -o json")
    assert (refused.code, [each["what"] for each in refused.error["reasons"]]) == (2, ["hall"])
    team.ok("add X --source 展会 --set hall=E7")
    team.ok("add Y --source 电话")
    refused = team("customer add A --industry 机械 -o json")
    assert (refused.code, [each["what"] for each in refused.error["reasons"]]) == (2, ["ground"])
    refused = team("add --source 展会 -o json")
    assert [each["what"] for each in refused.error["reasons"]] == ["TITLE", "--set hall=…"]


def test_a_contact_has_a_part_in_a_deal_and_a_colleague_a_role(team: InProcess) -> None:
    team.ok("contact add 王总 --customer 精密")
    team.ok("add MES --customer 精密")
    team.ok("deal link D-1 P-1 --role 决策人 --attitude for")
    team.ok("deal link D-1 li --role tech")
    team.ok("deal link D-1 chen --read")
    shown = team.ok("show D-1 -o json").json
    assert shown["contacts"] == [
        {"id": "P-1", "name": "王总", "title": None, "role": "决策人", "attitude": "for", "left_on": None}
    ]
    assert shown["team"] == [
        {"login": "li", "role": "tech", "read": False},
        {"login": "chen", "role": None, "read": True},
    ]
    assert shown["collaborators"] == ["li"]
    assert team("deal link D-1 P-1 --attitude maybe").code == 2
    assert team("deal link D-1 P-1 --attitude 反对").code == 0
    assert team("show D-1 -o json").json["contacts"][0]["attitude"] == "against"
    assert team("deal link D-1 wang").code == 5
    team.ok("deal unlink D-1 li")
    team.ok("deal unlink D-1 P-1")
    after = team.ok("show D-1 -o json").json
    assert (after["contacts"], after["collaborators"]) == ([], [])
    assert team("deal unlink D-1 P-1").code == 3


def test_who_won_a_lost_deal_is_marked_until_it_is_reopened(team: InProcess) -> None:
    team.ok("add MES")
    team.ok("deal rival D-1 Globex --price 48万")
    team.ok("deal rival D-1 Initech")
    for price in ("-5", "abc"):
        refused = team(f"deal rival D-1 Initech --price={price}")
        assert (refused.code, refused.err.startswith("error: --price: ")) == (2, True)
    team.ok("lose D-1 --reason price --competitor globex")
    rivals = team.ok("show D-1 -o json").json["rivals"]
    assert [(each["name"], each["price"], each["won"]) for each in rivals] == [
        ("Globex", "480000.00", True),
        ("Initech", None, False),
    ]
    team.ok("deal reopen D-1 -m 又来了")
    rivals = team.ok("show D-1 -o json").json["rivals"]
    assert [each["won"] for each in rivals] == [False, False]
    team.ok("deal rival D-1 initech --off")
    assert [each["name"] for each in team.ok("show D-1 -o json").json["rivals"]] == ["Globex"]


def test_a_deal_like_another_has_its_people_and_fields_and_none_of_its_money_and_days(team: InProcess) -> None:
    team.ok("contact add Ann --customer A")
    team.ok("add One --customer A --amount 50万 --close 2026-05-01 --set product=MES --set hotline=110", user="li")
    team.ok("deal link D-1 P-1 --role 决策人")
    team.ok("add Two --from D-1")
    row = team.ok("show D-2 -o json").json
    told = [row[name] for name in ("customer", "product", "hotline", "owner", "amount", "expected_close", "renewal_of")]
    assert told == ["A", "MES", "110", "wang", None, None, None]
    assert [each["role"] for each in row["contacts"]] == ["决策人"]
    assert team("add Three --from D-1 --renewal").code == 7
    team.ok("win D-1")
    team.ok("add Three --from D-1 --renewal")
    assert team.ok("show D-3 -o json").json["renewal_of"] == "D-1"


def test_a_tag_that_a_rule_sets_is_not_set_by_hand(team: InProcess) -> None:
    team.ok("add X --tag 急")
    assert team("deal edit D-1 --tag 大单").code == 7
    said = team.ok("deal edit D-1 --tag 热 --untag 急").out
    assert said.startswith("D-1 X: tags 急 → 热\n")
    assert team.ok("ls -c tags --json").json == [{"tags": ["热"]}]


def test_how_a_value_came_about_is_told_from_the_journal(team: InProcess) -> None:
    team.ok("add X --amount 50万", user="li")
    team.ok("deal edit D-1 --amount 60万 -m 涨了")
    rows = team.ok("fields D-1 amount --json").json
    assert [(row["actor"], row["was"], row["now"], row["reason"]) for row in rows] == [
        ("li", None, "CNY 500,000.00", None),
        ("wang", "CNY 500,000.00", "CNY 600,000.00", "涨了"),
    ]
    assert team("fields D-1 nothing").code == 3


def test_a_value_gets_a_new_name_wherever_a_record_holds_it(team: InProcess) -> None:
    team.ok("add X --source expo --set hall=E7")
    team.ok("add Y --source web")
    team.ok("customer add A --tier B")
    team.ok("policy apply policy.toml --rename-value source:expo=展览 --rename-value customer.tier:B=乙")
    assert [row["source"] for row in team.ok("ls --sort id --json").json] == ["展览", "web"]
    assert [row["tier"] for row in team.ok("customer list --json").json] == ["乙"]
    refused = team("policy apply policy.toml --rename-value nothing:a=b --rename-value amount:1=2")
    assert refused.code == 2
    team.ok("undo")
    assert [row["source"] for row in team.ok("ls --sort id --json").json] == ["expo", "web"]


def test_adding_and_changing_are_taken_back_as_a_whole(team: InProcess) -> None:
    team.ok("contact add Ann --customer A")
    team.ok("contact edit P-1 --title CFO")
    team.ok("undo")
    assert team.ok("contact list --json").json[0]["title"] is None
    team.ok("contact add Bob --customer B")
    team.ok("undo")
    assert [row["name"] for row in team.ok("customer list --json").json] == ["A"]


def test_a_card_says_who_decides_or_that_nobody_does_yet(team: InProcess) -> None:
    team.ok("contact add Ann --customer A")
    team.ok("add X --customer A")
    assert "no 决策人 yet" in team.ok("show C-1").out
    assert "no 决策人 yet" in team.ok("show D-1").out
    team.ok("deal link D-1 P-1 --role 决策人")
    assert "no 决策人 yet" not in team.ok("show C-1").out
    assert "no 决策人 yet" not in team.ok("show D-1").out


def test_what_a_policy_says_of_fields_of_customers_is_checked_as_of_deals(team: InProcess) -> None:
    broken = POLICY.replace('type = "bool"', 'type = "bool"\nvalues = ["a"]\nrequired_when = "nothing == 1"')
    Path(team.folder, "broken.toml").write_text(broken, encoding="utf-8")
    refused = team("policy check broken.toml")
    assert refused.code == 8
    assert "values: vip holds bool" in refused.err
    assert "unknown field 'nothing'" in refused.err


def test_whoever_calls_is_found_by_their_number_however_it_is_spelt(team: InProcess) -> None:
    team.ok("customer add A --phone 021-58881234-8001 --phone 110")
    team.ok("customer add B --phone 13800138001")
    team.ok("contact add Ann --customer A --phone 138-0013-8000")
    team.ok("contact add Kurt --customer B --phone '+49 (0)30 123456'")
    team.ok("contact add Lau --customer B --phone 2345-6789")
    found = {
        "+86 138 0013 8000": ["P-1"], "0086-13800138000": ["P-1"], "13800138000": ["P-1"], "０138/0013.8000": ["P-1"],
        "030 123456": ["P-2"], "+4930123456": ["P-2"], "+852 2345 6789": ["P-3"], "13800138999": [],
        "8000": [], "ann": ["P-1"],
    }  # fmt: skip
    told = {text: team.ok(f"contact list --text '{text}' --ids").out.split() for text in found}
    assert told == found
    for text in ("+86 21 5888 1234", "021-5888 1234 转 8001"):
        assert team.ok(f"customer list --text '{text}' --ids").out.split() == ["C-1"]


def test_what_is_personal_of_a_customers_own_fields_is_erased_with_it(team: InProcess) -> None:
    personal = POLICY.replace("[fields.customer.vip]", "[fields.customer.wife]\npersonal = true\n[fields.customer.vip]")
    Path(team.folder, "personal.toml").write_text(personal, encoding="utf-8")
    team.ok("policy apply personal.toml")
    team.ok("customer add A --set wife=MARYMARK --phone 13800138000")
    team.ok("customer erase C-1 -y -m asked")
    told = team.ok("log -L 0 --json").out + team.ok("show C-1 -o json").out + team.ok("export all -o jsonl").out
    assert ("MARYMARK" in told, "13800138000" in told) == (False, False)
    assert team("audit verify").code == 0


def test_what_else_reaches_a_person_is_masked_as_phones_are(team: InProcess) -> None:
    """`im` of a contact, and such fields of the team's own."""
    own = "\n[fields.contact.line]\n[fields.line]\n"
    scoped = POLICY + own + '\n[scope]\nmask = ["wechat", "line"]\nsee = { "*" = "own" }\n[fields.wechat]\n'
    Path(team.folder, "scoped.toml").write_text(scoped, encoding="utf-8")
    team.ok("policy apply scoped.toml")
    team.ok("customer add A", user="li")
    team.ok("contact add Ann --customer A --set im=ANNMARK --set line=LINEMARK", user="li")
    team.ok("add X --customer C-1", user="li")
    team.ok("deal link D-1 tor --read", user="li")
    team.ok("deal link D-1 P-1", user="li")
    reads = ("show P-1", "show P-1 -o json", "contact list -o json", "log P-1 -o json", "export contacts", "show C-1")
    told = "".join(team.ok(read, user="tor").out for read in reads)
    assert ("ANNMARK" in told, "LINEMARK" in told, "A***" in told, "L***" in told) == (False, False, True, True)
    whole = team.ok("show P-1", user="li").out
    assert ("ANNMARK" in whole, "LINEMARK" in whole) == (True, True)


def test_amounts_of_a_customer_are_told_as_money_and_what_nobody_typed_is_not(team: InProcess) -> None:
    own = '\n[fields.customer.yearly]\ntype = "money"\n'
    Path(team.folder, "own.toml").write_text(POLICY + own, encoding="utf-8")
    team.ok("policy apply own.toml")
    team.ok("customer add A --set yearly=80万")
    team.ok("customer edit C-1 --set yearly=90万")
    told = [row["what"] for row in team.ok("log C-1 -o json").json]
    assert told == ["name A; owner wang; yearly CNY 800,000.00", "yearly CNY 800,000.00 → CNY 900,000.00"]
    team.ok("task add call --for C-1")
    assert "moves" not in team.ok("log T-1").out


def test_phones_that_are_masked_are_whole_for_who_works_for_the_customer(team: InProcess) -> None:
    scoped = POLICY + '\n[scope]\nmask = ["phone"]\nsee = { "*" = "own" }\n'
    Path(team.folder, "scoped.toml").write_text(scoped, encoding="utf-8")
    team.ok("policy apply scoped.toml")
    team.ok("customer add A --phone 13800138000", user="li")
    team.ok("contact add Ann --customer A --phone 13900139000", user="li")
    assert team.ok("customer list --json", user="tor").json == []
    team.ok("add X --customer C-1", user="li")
    team.ok("deal link D-1 tor --read", user="li")
    team.ok("deal link D-1 P-1", user="li")
    phones = {
        who: [row["phone"] for noun in ("customer", "contact") for row in team.ok(f"{noun} list --json", user=who).json]
        for who in ("li", "tor")
    }
    assert phones == {"li": [["13800138000"], ["13900139000"]], "tor": [["138****8000"], ["139****9000"]]}
    assert "13800138000" not in team.ok("show C-1", user="tor").out + team.ok("export customers", user="tor").out
    team.ok("deal link D-1 tor", user="li")
    assert "13800138000" in team.ok("show C-1", user="tor").out
