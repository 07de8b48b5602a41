"""Point 14: sent back, recalled, moved back, reopened, undone: each keeps what was."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_every_way_back_is_an_entry_of_its_own_and_none_is_lost(story: Story) -> None:
    actions = [row["action"] for row in story.ask("deal history D-1 --sort at")]
    expected = "create submit return resubmit recall edit submit approve advance advance lose reopen edit undo"
    assert actions == expected.split()


def test_what_was_asked_and_answered_stays(story: Story) -> None:
    why = {row["action"]: row["reason"] for row in story.ask("deal history D-1")}
    assert why["return"]
    assert why["resubmit"]
    assert why["recall"]
    assert why["reopen"]


def test_the_clock_of_a_request_stands_still_while_it_is_sent_back(own: Story) -> None:
    seller, boss, money, zone = {"en": ("ivy", "hal", "60k", "-04:00"), "zh": ("su", "he", "46万", "+08:00")}[own.lang]
    tomorrow = {"en": "2026-03-10T09:00", "zh": "2026-03-03T09:00"}[own.lang]
    assert own.do(f"add Second --customer Nova --amount {money} --set budget_confirmed=yes", user=seller).code == 0
    assert own.do("submit D-2 qualification", user=seller).code == 0
    due = own.ask("request list --deal D-2")[0]["due"]
    assert own.do("request return R-3 -m why", user=boss).code == 0
    own.opp.env["OPP_NOW"] = tomorrow + zone
    assert own.do("request resubmit R-3 -m so", user=seller).code == 0
    moved = own.ask("request list --deal D-2")[0]["due"]
    assert (int(moved[8:10]) - int(due[8:10]), moved[11:]) == (1, due[11:])
    waited = {row["deal"]: row["returned_hours"] for row in own.ask("report waiting")}
    assert waited["D-2"] > 0


def test_what_was_undone_can_be_done_again(own: Story) -> None:
    seller = {"en": "ivy", "zh": "su"}[own.lang]
    before = own.ask("show D-1")["amount"]
    assert own.do("undo e42", user=seller).code == 0
    assert own.ask("show D-1")["amount"] != before
    assert own.ask("audit verify")["clean"] is True
