"""Applying a policy: versions, stages, renames, refusals, on both engines."""

from dataclasses import replace

import pytest

from oppcli.actions import policies, standings
from oppcli.actions.act import Act
from oppcli.errors import Conflict, NotAllowed, PolicyError, Refused
from oppcli.model.deals import Deal, Stage, Visit
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.model.requests import Request
from oppcli.model.versions import PolicyVersion
from oppcli.policy import read, template
from oppcli.speech import Voice, spoken
from oppcli.store.queries import policy_text

BLANK = template("blank", "zh")
WANG = User(login="wang", name="王芳", roles=("admin",))


@pytest.fixture
def me(door):
    return door.add(WANG)


def act(door, by=WANG):
    """What this person does."""
    if door.stamp.actor != by.login:
        door.begin(Stamp(actor=by.login, now=door.at, command="test", os_user=by.login))
    return Act(door)


def stages(door):
    return [
        (s.name, s.kind, s.position) for s in sorted(door.find(Stage), key=lambda s: (s.position is None, s.position))
    ]


def deal_in(door, stage, title="甲"):
    return door.add(Deal(title=title, stage=stage, created_by="wang", visits=(Visit(stage=stage, entered_at=door.at),)))


def test_the_first_policy_makes_the_stages_and_is_what_runs(door, me):
    applied = policies.apply(act(door), BLANK, source="blank.zh")
    assert applied.number == 1
    assert applied.stages == ()
    assert stages(door) == [("线索", "lead", 0), ("跟进", "open", 1), ("赢单", "won", 2), ("输单", "lost", 3)]
    assert policy_text(door) == BLANK
    (version,) = door.find(PolicyVersion)
    assert (version.number, version.name, version.applied_by) == (1, "商机管理", "wang")


def test_the_same_text_again_does_nothing(door, me):
    policies.apply(act(door), BLANK)
    before = len(door.entries)
    applied = policies.apply(act(door), BLANK)
    assert applied.already
    assert applied.outcome.done[0].endswith("applied already, nothing to do")
    assert len(door.entries) == before


def test_an_older_text_again_is_a_new_version_of_the_same_row(door, me):
    policies.apply(act(door), BLANK)
    policies.apply(act(door), BLANK + "# 改动\n")
    applied = policies.apply(act(door), BLANK)
    assert applied.number == 3
    assert sorted(version.number for version in door.find(PolicyVersion)) == [2, 3]
    assert policy_text(door) == BLANK


def test_stages_are_added_changed_moved_and_dropped(door, me):
    policies.apply(act(door), BLANK)
    text = BLANK.replace('name = "线索"', 'name = "资格"').replace(
        'name = "跟进"\nkind = "open"\nprobability = 50',
        'name = "跟进"\nkind = "open"\nprobability = 40\ntarget = "8h"',
    )
    applied = policies.apply(act(door), text)
    assert applied.stages == ("stage 资格 added", "stage 线索 dropped")
    assert stages(door)[0] == ("资格", "lead", 0)
    assert stages(door)[-1] == ("线索", "lead", None)
    (kept,) = door.find(Stage, name="跟进")
    assert (kept.probability, kept.target_ms) == (40, 8 * 3_600_000)
    back = policies.apply(act(door), BLANK)
    assert back.stages == ("stage 线索 is back", "stage 资格 dropped")


def test_a_stage_with_live_deals_is_not_dropped_and_nothing_is_written(door, me):
    policies.apply(act(door), BLANK)
    deal_in(door, "跟进")
    before = len(door.entries)
    with pytest.raises(PolicyError) as caught:
        policies.apply(act(door), BLANK.replace('"跟进"', '"商务"'), source="team.toml")
    assert [reason.what for reason in caught.value.reasons] == ["team.toml:8: P034"]
    assert "1 live deal is in '跟进'" in caught.value.reasons[0].detail
    assert len(door.entries) == before
    assert policy_text(door) == BLANK


def test_a_won_stage_is_not_dropped_with_its_wins(door, me):
    policies.apply(act(door), BLANK)
    deal_in(door, "赢单")
    renamed = BLANK.replace('"赢单"', '"成交"')
    with pytest.raises(PolicyError) as caught:
        policies.apply(act(door), renamed, source="team.toml")
    assert "1 closed deal is in '赢单'" in caught.value.reasons[0].detail
    assert caught.value.reasons[0].fix == "opp policy apply team.toml --rename 赢单=成交"
    policies.apply(act(door), renamed, renames={"赢单": "成交"})
    assert [stage for stage in stages(door) if stage[1] == "won"] == [("成交", "won", 2)]


@pytest.mark.parametrize(("stage", "new"), [("跟进", "商务"), ("赢单", "成交")])
def test_a_stage_may_go_that_only_withdrawn_deals_are_in_and_gets_none_back(door, me, stage, new):
    policies.apply(act(door), BLANK)
    deal = deal_in(door, stage)
    standings.withdraw(act(door), f"D-{deal.id}", why="mistyped")
    applied = policies.apply(act(door), BLANK.replace(f'"{stage}"', f'"{new}"'))
    assert applied.stages == (f"stage {new} added", f"stage {stage} dropped")
    with pytest.raises(Conflict) as caught:
        standings.restore(act(door), f"D-{deal.id}")
    assert caught.value.message == f"the policy has no stage {stage} any more"


def test_a_renamed_stage_keeps_its_deals(door, me):
    policies.apply(act(door), BLANK)
    deal = deal_in(door, "跟进")
    applied = policies.apply(act(door), BLANK.replace('"跟进"', '"商务"'), renames={"跟进": "商务"})
    assert applied.stages == ("stage 跟进 is now called 商务",)
    assert door.get(Deal, deal.id).stage == "商务"
    assert door.get(Deal, deal.id).visits[0].stage == "商务"
    assert len(door.find(Stage)) == 4


def test_a_rename_must_name_a_stage_there_is_and_a_name_there_is_not(door, me):
    policies.apply(act(door), BLANK)
    with pytest.raises(Refused) as caught:
        policies.apply(act(door), BLANK, renames={"跟近": "商务", "线索": "赢单"})
    assert [reason.detail for reason in caught.value.reasons] == [
        "there is no stage '跟近', did you mean '跟进'?",
        "there is a stage '赢单' already",
    ]


def test_a_stage_with_closed_deals_does_not_come_alive_again(door, me):
    policies.apply(act(door), BLANK)
    deal_in(door, "赢单")
    text = BLANK.replace('name = "赢单"\nkind = "won"', 'name = "赢单"\nkind = "open"') + (
        '[[stage]]\nname = "成交"\nkind = "won"\n[[stage]]\nname = "丢单"\nkind = "lost"\n'
    )
    text = text.replace('[[stage]]\nname = "输单"\nkind = "lost"\nprobability = 0\n', "")
    with pytest.raises(PolicyError) as caught:
        policies.apply(act(door), text)
    assert [reason.what[-4:] for reason in caught.value.reasons] == ["P034"]
    assert "of kind won and cannot become open" in caught.value.reasons[0].detail


def test_people_are_checked_from_the_second_policy_on(door, me):
    text = BLANK.replace('fallback = "role:admin" ', 'fallback = "user:chen"')
    first = policies.apply(act(door), text)
    assert [str(problem.code) for problem in first.warnings] == ["P112"]
    with pytest.raises(PolicyError) as caught:
        policies.apply(act(door), text + "# 第二版\n")
    assert [reason.what[-4:] for reason in caught.value.reasons] == ["P005"]
    door.add(User(login="chen", name="陈", roles=("finance",), active=False))
    assert policies.apply(act(door), text + "# 第二版\n").number == 2


def test_a_role_that_only_a_deactivated_person_carries_is_empty(door, me):
    policies.apply(act(door), BLANK)
    door.add(User(login="chen", name="陈", roles=("finance",), active=False))
    with_roles = BLANK + "\n[roles]\nfinance = []\n"
    assert [problem.code for problem in policies.apply(act(door), with_roles).warnings] == ["P101"]
    (chen,) = door.find(User, login="chen")
    door.save(chen, replace(chen, active=True))
    assert policies.apply(act(door), with_roles + "\n").warnings == ()


def test_only_an_admin_applies_a_policy(door, me):
    seller = door.add(User(login="li", name="李", roles=("sales",)))
    with pytest.raises(NotAllowed) as caught:
        policies.apply(act(door, seller), BLANK)
    assert caught.value.code == 4
    assert "wang" in (caught.value.hint or "")


def test_a_broken_text_leaves_the_old_policy_in_force(door, me):
    policies.apply(act(door), BLANK)
    with pytest.raises(PolicyError):
        policies.apply(act(door), BLANK.replace("fallback", "fallbck"))
    assert policy_text(door) == BLANK
    assert len(door.find(PolicyVersion)) == 1


def test_the_text_is_kept_with_one_line_end_so_that_showing_and_applying_it_again_is_nothing(door, me):
    policies.apply(act(door), "\ufeff" + BLANK.rstrip("\n"))
    assert policy_text(door) == BLANK
    assert policies.apply(act(door), BLANK + "\n\n").already


def with_field(kind, title=""):
    return BLANK + f'\n[fields.sites]\ntype = "{kind}"\n' + (f'title = "{title}"\n' if title else "")


def test_who_changes_what_a_field_holds_is_told_how_many_deals_have_a_value_of_it(door, me):
    policies.apply(act(door), with_field("text"))
    for title, value in (("甲", "三个"), ("乙", "2"), ("丙", None), ("丁", "4")):
        deal = deal_in(door, "跟进", title)
        door.save(deal, replace(deal, extra={"sites": value} if value else {}))
    told = policies.apply(act(door), with_field("number", "门店数")).outcome.details
    assert told == ("note: field sites was text and is a number now; 3 deals hold values",)
    assert spoken(told[0], Voice(lang="zh")) == "注：字段 门店数 原来是文本，现在是数字；3 个商机已填过值"
    assert policies.apply(act(door), with_field("number", "店")).outcome.details == ()


def test_a_field_that_no_deal_has_a_value_of_may_hold_anything_else(door, me):
    policies.apply(act(door), with_field("text"))
    deal_in(door, "跟进")
    assert policies.apply(act(door), with_field("date")).outcome.details == ()


def test_live_requests_keep_their_rules_and_are_named(door, me):
    old = policies.apply(act(door), BLANK).policy.hash
    deal = deal_in(door, "跟进")
    request = {"deal_id": deal.id, "policy": old, "submitted_by": "wang", "submitted_at": door.at}
    for kind, state in (("quote", "pending"), ("risk", "returned"), ("final", "approved")):
        door.add(Request(type=kind, state=state, **request))
    applied = policies.apply(act(door), BLANK + "# 第二版\n")
    assert applied.older == {1: (1, 2)}
    assert applied.outcome.details == ("2 requests run on under version 1: R-1, R-2",)
    assert policy_text(door, old) == BLANK


def test_live_requests_are_listed_by_the_version_they_run_under(door, me):
    policies.apply(act(door), BLANK)
    deal = deal_in(door, "跟进")
    texts = [BLANK, BLANK + "# 第二版\n", BLANK + "# 第三版\n"]
    for text, kinds in zip(texts, (["quote"], ["risk", "final"], []), strict=True):
        hash = policies.apply(act(door), text).policy.hash
        for kind in kinds:
            door.add(Request(type=kind, deal_id=deal.id, policy=hash, submitted_by="wang", submitted_at=door.at))
    again = policies.apply(act(door), BLANK + "# 第四版\n")
    assert again.older == {2: (2, 3), 1: (1,)}
    assert again.outcome.details == (
        "2 requests run on under version 2: R-2, R-3",
        "1 request runs on under version 1: R-1",
    )
    # The second text once more is version 5: its requests run under what is applied now, and are not listed.
    back = policies.apply(act(door), texts[1])
    assert (back.number, back.older) == (5, {1: (1,)})


def test_many_live_requests_are_counted_and_the_first_are_named():
    lines = policies.Applied(read(BLANK), 2, older={1: tuple(range(1, 31))}).outcome.details
    assert lines[0].startswith("30 requests run on under version 1: R-1, R-2, R-3,")
    assert lines[0].endswith("R-20 and 10 more")
