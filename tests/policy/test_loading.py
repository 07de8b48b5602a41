"""The loader: every problem of a file in one run, each with its code, its line and what to write instead."""

import re
from datetime import date
from pathlib import Path

import pytest

from oppcli.errors import PolicyError
from oppcli.policy import load, read, template
from oppcli.policy.known import Known
from oppcli.policy.notation import APPROVERS
from oppcli.policy.problems import CODES, BrokenPolicy
from oppcli.speech import Voice, spoken
from oppcli.toml.reading import parsed

BROKEN = Path(__file__).parent / "broken.toml"
KNOWN = Known(
    users=frozenset({"chen", "qian", "he", "lin", "gao", "xu", "ma", "wang"}),
    held_roles={"sales": frozenset({"wang"})},
    stages_in_use={"线索": 3, "商务": 2, "旧阶段": 1},
    stage_kinds={"线索": "lead", "输单": "lost"},
)
DECEMBER = date(2026, 12, 1)
GOOD = template("b2b", "zh")
RISK_1, RISK_2 = "[type.risk] step 1 (财务风控)", "[type.risk] step 2 (法务风控)"
QUOTE_3, QUOTE_4 = "[type.quote] step 3 (财务)", "[type.quote] step 4 (技术评审)"
IN_TIERS = "tier in ['C', '新客户']"


def problems(text: str, *, known: Known | None = None, today: date | None = None):
    """Errors and warnings of a text."""
    try:
        return load(text, known=known, today=today).warnings
    except BrokenPolicy as broken:
        return broken.problems


def codes(text: str, **given) -> list[str]:
    return [problem.code for problem in problems(text, **given)]


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_one_broken_file_shows_every_problem_on_its_line_at_once():
    text = BROKEN.read_text(encoding="utf-8")
    marked = {
        (number, code)
        for number, line in enumerate(text.splitlines(), 1)
        if number > 2
        for code in re.findall(r"P\d{3}", line.rpartition("#")[2])
    }
    found = {(problem.line, problem.code) for problem in problems(text, known=KNOWN, today=DECEMBER)}
    assert found == marked


def test_the_broken_file_and_the_few_here_cover_every_code():
    text = BROKEN.read_text(encoding="utf-8")
    elsewhere = {"P001", "P011", "P067", "P112"}
    assert set(re.findall(r"P\d{3}", text)) | elsewhere == set(CODES)


def test_errors_come_before_warnings_and_follow_the_file():
    found = problems(BROKEN.read_text(encoding="utf-8"), known=KNOWN, today=DECEMBER)
    kinds = [problem.warning for problem in found]
    errors = [problem.line for problem in found if not problem.warning]
    assert kinds == sorted(kinds)
    assert errors == sorted(errors)


def test_the_error_lists_every_error_as_a_reason_and_no_warning():
    with pytest.raises(PolicyError) as caught:
        load(BROKEN.read_text(encoding="utf-8"), source="team.toml", known=KNOWN)
    error = caught.value
    assert error.code == 8
    assert len(error.reasons) > 60
    assert "team.toml cannot be applied: " in error.message
    assert all(re.fullmatch(r"team\.toml:\d+: P[02]\d\d", reason.what) for reason in error.reasons)


STEP_KEYS = (
    "name, who, rule, when, sla, together, must, veto, self, fresh, approve_needs, fills, remind, escalate, on_reject, "
    "on_timeout, calendar, cc"
)


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ('rule     = "any"', 'rul      = "any"', RISK_1, "P002: unknown key 'rul', did you mean 'rule'?"),
        ('rule     = "any"', 'xyzzy    = "any"', RISK_1, f"P002: unknown key 'xyzzy'; there are {STEP_KEYS}"),
        ("fallback =", "#fallback =", "[policy]", "P003: missing fallback"),
        (
            '"财务", who = []',
            '"财务", who = ["chenn"]',
            "[roles] finance",
            "P005: no such user 'chenn', did you mean 'chen'?",
        ),
        ('who      = "role:finance"', 'who      = "财务"', RISK_1, f"P006: who: '财务': {APPROVERS}"),
        ('"role:legal"', '"role:leagl"', RISK_2, "P007: who: no role 'leagl', did you mean 'legal'?"),
        (
            "amount >= 20万",
            "amount => 20万",
            "[type.qualification]",
            "P009: when, column 8: cannot read '=>': write >= in `amount => 20万`",
        ),
        ("margin < 25", "marign < 25", QUOTE_3, "P010: when: unknown field 'marign', did you mean 'margin'?"),
        (
            "margin < 25",
            "idle_days < 25",
            QUOTE_3,
            "P010: when: 'idle_days' is read by scores, tags, follow-up, assignment and proposals, not here",
        ),
        (
            "margin < 25",
            "live_deals < 25",
            QUOTE_3,
            "P010: when: 'live_deals' is read by tiers and cadences of customers, not here",
        ),
        (
            'rule = "at least 2" ',
            'rule = "2/3" ',
            QUOTE_4,
            "P016: rule: '2/3': use any, all, 'at least N' or 'at least 50%'",
        ),
        (
            'sla  = "16h"',
            'sla  = "2d"',
            QUOTE_4,
            "P020: sla: '2d': days are ambiguous, write '16h' for business hours",
        ),
        ('sla  = "16h"', 'sla  = "30m"', QUOTE_4, "P020: sla: '30m': write business hours, '0.5h'"),
        ('sla  = "16h"', "sla  = 16", QUOTE_4, "P020: sla: 16: write business hours, '16h'"),
        ('"13:00-18:00"', '"11:30-18:00"', "[calendar.cn]", "P031: 11:30-18:00 overlaps 09:00-12:00"),
        (IN_TIERS, "tier >= 3", "[type.risk]", "P035: when: tier is text and has no order: use ==, != or in [...]"),
        (
            IN_TIERS,
            "tier in ['C', '新户']",
            "[type.risk]",
            "P035: when: tier is never '新户', did you mean '新客户'?",
        ),
        (
            "solution == '定制'",
            "stage == '报价单'",
            QUOTE_4,
            "P035: when: stage is never '报价单', did you mean '报价'?",
        ),
        (
            "solution == '定制'",
            "owner = me",
            QUOTE_4,
            "P035: when: me is for lists and reports: for the text, write 'me' in quotes",
        ),
    ],
)
def test_a_problem_says_where_it_is_and_what_to_write(old, new, where, says):
    text = changed(old, new)
    found = [problem for problem in problems(text, known=Known(users=frozenset({"chen"}))) if not problem.warning]
    assert [(problem.place, f"{problem.code}: {problem.message}") for problem in found] == [(where, says)]
    # What is missing has the line of its table.
    expected = "[policy]" if new.startswith("#") else new
    assert found[0].line == next(n for n, row in enumerate(text.splitlines(), 1) if expected in row)


def test_tables_are_told_by_their_name_or_number_and_one_without_a_name_is_missing_it_and_nothing_else():
    """Two stages without a name were told to be called 'None', two hooks to be called nothing."""
    text = """
[[stage]]
[[stage]]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Won"
kind = "lost"
[[hook]]
on = "deal.win"
[[hook]]
on = "deal.win"
[fact.limit]
type = "zz"
[contract]
clauses = [{ name = "liability", who = "role:sales" }, { name = "liability", who = "role:law" }]
"""
    found = [f"{problem.place}: {problem.message}" for problem in problems(text) if problem.line and problem.line > 1]
    assert found == [
        "[[stage]] 1: missing name",
        "[[stage]] 2: missing name",
        "[[stage]] 4 (Won): the stage 'Won' is listed twice",
        "[[hook]] 1: missing name",
        "[[hook]] 2: missing name",
        "[fact.limit]: type 'zz': use money, number, int, percent, bool, text, date, until",
        "[contract] clauses 2 (liability): who: no role 'law'",
        "[contract] clauses 2 (liability): two clauses are called 'liability'",
    ]


def test_a_problem_reads_as_one_line_that_an_editor_can_jump_to():
    found = problems(changed('"财务", who = []', '"财务", who = ["chenn"]'), known=Known(users=frozenset({"chen"})))
    assert str(found[0]) == (
        "policy.toml:71: P005 [roles] finance: no such user 'chenn', did you mean 'chen'? (opp user add chenn)"
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[policy]\nname 5", 2, "an = is missing behind the key: name 5"),
        ("[policy]\nname = 'a'\nname = 'b'", 3, "this key stands there already: name = 'b'"),
        ("[policy", 1, "the brackets of the table are not closed: [policy"),
        ("name = 'never closed", 1, "the quotes are not closed: name = 'never closed"),
        ("a = 2026-02-30", 1, "there is no such day or time: a = 2026-02-30"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(text, line, says):
    found = problems(text)
    assert [problem.code for problem in found] == ["P001"]
    assert found[0].line == line
    assert says in found[0].message.lower()


def test_a_file_of_a_chinese_windows_editor_loads():
    assert load("\ufeff" + GOOD.replace("\n", "\r\n")).policy.stages[0].name == "线索"


def test_an_empty_file_says_what_is_missing():
    assert sorted(problem.message for problem in problems("")) == [
        "missing calendar",
        "missing currency",
        "missing fallback",
        "missing name",
        "missing: a pipeline needs stages",
    ]


def test_a_team_that_approves_nothing_needs_no_type():
    blank = template("blank", "en")
    assert codes(blank) == []
    assert codes(blank + '\n[gate]\n"Won" = ["quote"]\n') == ["P011"]
    assert codes(blank + "\n[type]\n") == ["P011"]


def test_people_are_checked_only_against_a_database():
    text = changed('"财务", who = []', '"财务", who = ["chen"]')
    assert codes(text) == []
    assert "P005" in codes(text, known=Known(users=frozenset()))


def test_the_first_policy_of_a_database_may_name_people_who_come_later():
    text = changed('"财务", who = []', '"财务", who = ["chen"]')
    found = problems(text, known=Known(first=True))
    assert [problem.code for problem in found] == ["P112"]
    assert found[0].fix == "opp user add chen"


def test_a_role_is_empty_only_when_nobody_carries_it_either():
    known = Known(users=frozenset({"chen"}), held_roles={"finance": frozenset({"chen"})})
    found = [problem.place for problem in problems(GOOD, known=known) if problem.code == "P101"]
    assert "[roles] legal" in found
    assert "[roles] finance" not in found


def test_a_quorum_counts_listed_people_and_those_who_carry_the_role():
    text = changed('"技术", who = []', '"技术", who = ["lin"]')
    users = frozenset({"lin", "gao", "xu"})
    held = {role: frozenset({"lin"}) for role in ("sales_ops", "finance", "legal", "vp_sales", "ceo")}
    assert codes(text) == ["P017"]
    assert codes(text, known=Known(users=users, held_roles=held)) == ["P017"]
    assert codes(text, known=Known(users=users, held_roles=held | {"tech": frozenset({"gao"})})) == ["P102"]
    assert codes(text, known=Known(users=users, held_roles=held | {"tech": frozenset({"gao", "xu"})})) == []


def test_a_stage_with_live_deals_cannot_go_and_the_way_out_is_named():
    text = changed('name = "方案"', 'name = "方案设计"').replace('"方案" = [', '"方案设计" = [')
    found = problems(text, known=Known(stages_in_use={"方案": 12}, first=True))
    assert [(problem.code, problem.message) for problem in found] == [
        ("P034", "12 live deals are in '方案', which this policy no longer has")
    ]
    assert found[0].fix == "opp policy apply policy.toml --rename 方案=方案设计"


def test_a_stage_with_deals_cannot_turn_from_open_to_won():
    text = changed('name = "签约"\nkind = "open"', 'name = "签约"\nkind = "won"')
    assert codes(text, known=Known(stage_kinds={"签约": "open"}, first=True)) == ["P034"]
    assert codes(text, known=Known(stage_kinds={"报价": "open"}, first=True)) == []


def test_holidays_of_next_year_are_missed_only_from_december():
    assert codes(GOOD, today=date(2026, 11, 30)) == []
    assert codes(GOOD, today=date(2026, 12, 1)) == ["P108"]
    assert codes(template("blank", "zh"), today=date(2026, 12, 1)) == []


def test_built_in_roles_may_be_named_everywhere():
    text = changed('fallback = "role:sales_ops"', 'fallback = ["role:admin", "role:manager"]')
    text = changed('who  = "role:vp_sales"', 'who  = ["role:sales", "user:wang"]', text)
    assert codes(text) == []


def test_a_fallback_has_no_reporting_line():
    assert codes(changed('fallback = "role:sales_ops"', 'fallback = "manager"')) == ["P006"]


def test_veto_and_must_may_name_anybody_who_votes():
    with_tech = changed('"技术", who = []', '"技术", who = ["lin", "gao", "xu"]')
    special = '# veto = ["user:lin"]'
    assert codes(changed(special, 'veto = "user:lin"', with_tech)) == []
    assert codes(changed(special, 'must = ["role:tech"]', with_tech)) == []
    assert codes(changed(special, 'must = ["user:ma"]', with_tech)) == ["P018"]
    assert codes(changed(special, 'must = ["user:ma"]')) == []  # who carries the role is not known here


@pytest.mark.skipif(
    not (Path(__file__).resolve().parents[2] / "../shared/design/approvals.md").is_file(),
    reason="the design documents are not here",
)
def test_the_three_examples_of_the_specification_load():
    text = (Path(__file__).resolve().parents[2] / "../shared/design/approvals.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert [len(load(example).policy.types) for example in examples] == [5, 2, 3]


def test_a_limit_that_is_no_number_is_refused():
    own = '[fields.x]\ntype = "number"\nmin = nan\nmax = inf\n'
    assert codes(GOOD + own) == ["P037", "P037"]
    assert codes(GOOD + own.replace("nan", "1").replace("inf", "'50万'")) == []


def test_only_a_field_of_the_teams_own_is_said_to_be_personal():
    assert codes(GOOD + "\n[fields.competitor]\npersonal = true\n") == ["P037"]
    assert codes(GOOD + "\n[fields.wechat]\npersonal = true\n") == []


def test_a_stage_name_has_no_spaces_around_it():
    assert codes(changed('name = "线索"', 'name = "线索 "')) == ["P037"]


# --- what can never happen ------------------------------------------------------------------------------------------

PIPELINE = """
[[stage]]
name = "Lead"
kind = "lead"
next = ["Offer"]
[[stage]]
name = "Offer"
next = {offer}
[[stage]]
name = "Pilot"
next = {pilot}
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[policy]
name = "p"
currency = "CNY"
calendar = "c"
fallback = "role:admin"
[calendar.c]
timezone = "UTC"
mon_fri = ["09:00-17:00"]
"""


def said(text: str, **given) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.line, problem.message) for problem in problems(text, **given)]


def test_every_stage_can_be_reached_and_left_for_a_win():
    assert said(PIPELINE.format(offer='["Pilot", "Won"]', pilot='["Won"]')) == []
    assert said(PIPELINE.format(offer='["Won"]', pilot='["Won"]')) == [
        ("P036", 9, "no next leads to it: no deal can ever come here")
    ]
    assert said(PIPELINE.format(offer='["Pilot", "Won"]', pilot='["Lost", "Offer"]')) == []
    assert said(PIPELINE.format(offer='["Pilot", "Won"]', pilot="[]")) == [
        ("P036", 11, "next is a dead end: no deal can be won from here")
    ]


def test_a_stage_that_no_way_leads_to_may_stay_for_the_deals_in_it():
    text = PIPELINE.format(offer='["Won"]', pilot='["Won"]')
    assert codes(text, known=Known(stages_in_use={"Pilot": 2}, first=True)) == []


SECOND = """
[[stage]]
name = "Renewal"
pipeline = "renewal"
next = ["{next}"]
[[stage]]
name = "Renewed"
kind = "won"
pipeline = "renewal"
{lost}
"""
OTHER = '[[stage]]\nname = "Given up"\nkind = "lost"\npipeline = "renewal"'


def test_each_of_several_pipelines_makes_a_way_of_its_own():
    first = PIPELINE.format(offer='["Pilot", "Won"]', pilot='["Won"]')
    assert said(first + SECOND.format(next="Renewed", lost=OTHER)) == []
    assert said(first + SECOND.format(next="Renewed", lost="")) == [
        ("P067", 2, "the pipeline renewal: no stage of kind lost")
    ]
    assert said(first + SECOND.format(next="Won", lost=OTHER)) == [
        ("P067", 30, "next: 'Won' is of another pipeline"),
    ]
    assert said(SECOND.format(next="Renewed", lost=OTHER) + first) == [
        ("P067", 15, "pipeline: missing; only the first pipeline may have no name, and it stands first")
    ]


STEPS = """
[type.discount]
when = "{when}"
material = ["discount", "payment_days"]
[[type.discount.step]]
name = "One"
who = "manager"
when = "{one}"
[[type.discount.step]]
name = "Two"
who = "manager"
[gate]
Won = ["discount"]
"""


@pytest.mark.parametrize(
    ("when", "one", "found"),
    [
        ("discount > 5", "discount > 20", []),
        (
            "discount > 5",
            "discount < 5",
            [("step can never apply: its when and that of the type exclude each other", 33)],
        ),
        ("discount > 5", "discount > 9 and discount < 8", [("step can never apply: its when excludes itself", 33)]),
        ("discount > 9 and discount < 8", "always", [("when can never hold: it excludes itself", 28)]),
        ("discount > 120", "always", [("when can never hold: its fields cannot have such a value", 28)]),
        (
            "discount > 5",
            "payment_days < 0 or discount >= 101",
            [("step can never apply: the fields of its when cannot have such a value", 33)],
        ),
        ("discount >= 100", "payment_days <= 0", []),
    ],
)
def test_a_type_and_each_of_its_steps_can_apply(when, one, found):
    text = PIPELINE.format(offer='["Pilot", "Won"]', pilot='["Won"]') + STEPS.format(when=when, one=one)
    assert [(code, message.removeprefix("the "), line) for code, line, message in said(text)] == [
        ("P036", message, line) for message, line in found
    ]


@pytest.mark.parametrize(
    ("asked", "word"),
    [("customer", "customer"), ("客户", "customer"), ("file:报价单", "file:报价单"), ("contrakt", None)],
)
def test_a_gate_that_asks_for_what_is_no_approval_says_where_that_stands(asked, word):
    where = f": what a deal needs stands in its stage, enter = ['{word}']" if word else ", did you mean 'contract'?"
    (found,) = [each for each in said(changed('["contract"]', f'["{asked}"]')) if each[0] == "P026"]
    assert found[2] == f"no type of request is called '{asked}'{where}"


@pytest.mark.parametrize(
    ("sla", "message"),
    [
        ("100000h", "sla: '100000h': at most '99999h'; a year has about 2000 business hours"),
        ("20000d", "sla: '20000d': days are ambiguous, write '160000h' for business hours"),
        ("1.23456h", "sla: '1.23456h': at most 4 digits behind the point, '1.2346h'"),
    ],
)
def test_a_time_that_cannot_be_says_what_can(sla, message):
    found = said(changed('sla  = "16h"', f'sla  = "{sla}"'))
    assert [each[2] for each in found if each[0] == "P020"] == [message]


def test_rotting_is_a_key_like_others():
    text = GOOD.replace("# rotting", "rotting")
    assert text.count("\nrotting") > 2
    assert said(text) == []


# --- names that are not plain ASCII ---------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["[fields.竞品价]", '[fields."竞品价"]', "[ fields . 竞品价 ] # what they ask"])
def test_a_table_has_a_chinese_name_with_or_without_quotes(header):
    policy = load(f'{GOOD}\n{header}\ntype = "money"\n').policy
    assert policy.fields["竞品价"].type == "money"
    assert read(policy.text) == policy


def test_a_line_has_a_chinese_name_with_or_without_quotes():
    bare = re.sub(r'^"(\w+)"( *=)', r"\1\2", GOOD, flags=re.MULTILINE)
    assert "\n签约" in bare and said(bare) == []
    quoted, policy = load(GOOD).policy, load(bare).policy
    assert (policy.gates, read(policy.text)) == (quoted.gates, policy)
    wrong = changed('["contract"]', '["contrakt"]', bare)
    assert [(code, line) for code, line, _ in said(wrong) if code == "P026"] == [
        ("P026", wrong[: wrong.index("contrakt")].count("\n") + 1)
    ]
    assert parsed('a = """\n签约 = 1\n"""\n签.约 = 2') == {"a": "签约 = 1\n", "签": {"约": 2}}


@pytest.mark.parametrize(
    ("line", "column", "key"), [("a = { 签约 = 1 }", 7, "签约"), ("a = { b.签约 = 1 }", 9, "签约")]
)
def test_a_chinese_key_without_quotes_inside_a_line_is_told_how_to_be_written(line, column, key):
    text = f"{GOOD}\n[gate2]\n{line}\n"
    assert said(text) == [("P001", text.count("\n"), f'column {column}: write the key in quotes: "{key}": {line}')]


# --- stages with closed deals ---------------------------------------------------------------------------------------


def test_a_won_stage_with_deals_cannot_go_and_the_rename_is_named():
    text = GOOD.replace('"赢单"', '"成交"')
    known = Known(closed_in={"赢单": 1}, stage_kinds={"赢单": "won"}, first=True)
    found = problems(text, known=known)
    assert [(problem.code, problem.message, problem.fix) for problem in found] == [
        (
            "P034",
            "1 closed deal is in '赢单', which this policy no longer has",
            "opp policy apply policy.toml --rename 赢单=成交",
        )
    ]


@pytest.mark.parametrize(
    ("written", "who", "title"),
    [
        ('finance = ["li", "wang"]', ("li", "wang"), None),
        ('finance = "li"', ("li",), None),
        ('finance = { title = "财务", who = ["li"] }', ("li",), "财务"),
        ('finance = { title = "财务", who = "li" }', ("li",), "财务"),
        ('finance = { title = "财务" }', (), "财务"),
    ],
)
def test_a_role_is_its_people_or_a_table_with_its_title(written: str, who: tuple[str, ...], title: str | None) -> None:
    policy = read(template("blank", "zh") + f"\n[roles]\n{written}\n")
    assert (policy.roles["finance"], policy.role_titles.get("finance")) == (who, title)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("finance = 5", "finance = 5 must be a list of texts, or a table"),
        ("finance = [5]", "finance must be a list of texts, or a table"),
        ("finance = { people = [] }", "unknown key 'people'; there are title, who"),
        ("finance = { title = 5 }", "title = 5 must be text in quotes"),
        ('finance = { title = "财务", who = ["no one"] }', "'no one' cannot be a login"),
    ],
)
def test_a_role_that_is_neither_is_refused(written: str, said: str) -> None:
    found = problems(template("blank", "zh") + f"\n[roles]\n{written}\n")
    assert any(said in problem.message for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fresh = true", 'fresh = true\non_timeout = "approve"', "on_timeout：不能用“approve”：到点不会自动通过"),
        ("workdays = [", 'workdays = ["2026-03-10", ', "2026-03-10 是星期二，本来就上班"),
    ],
)
def test_why_something_is_wrong_is_told_in_chinese_to_the_end(old: str, new: str, said: str) -> None:
    assert said in [spoken(problem.message, Voice(lang="zh")) for problem in problems(changed(old, new))]
