"""Ask and reply: what those who decide want to know, without a clock that stops."""

import pytest
from requests_made import HOUR, TEAM, delegation, kind, later, person, step, submitted, world

from oppcli.errors import Conflict, NotAllowed, NotFound, UsageError
from oppcli.rules.approvals import asking
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.ending import recall

HERE = world(kind(step("一", "manager"), step("二", "role:finance")))
FIRST = submitted(HERE)


def test_a_question_stops_nobody_and_no_clock() -> None:
    done = asking.ask(FIRST, HERE, "wang", "which terms?")
    assert (done.request.state, done.request.steps) == (FIRST.state, FIRST.steps)
    (question,) = done.request.questions
    assert (question.by, question.to, question.text, question.answer) == ("wang", "li", "which terms?", None)
    assert [(n.to, n.kind) for n in done.notices] == [("li", "asked")]


def test_the_answer_is_told_to_who_asked_and_who_decides() -> None:
    asked = asking.ask(FIRST, HERE, "wang", "which terms?").request
    decided = decide(asked, HERE, "wang", "approve").request
    done = asking.reply(decided, HERE, "li", " 60 days ")
    (question,) = done.request.questions
    assert (question.answer, question.answered_by, question.answered_at) == ("60 days", "li", HERE.now)
    assert {n.to for n in done.notices} == {"wang", "chen", "zhao"}


@pytest.mark.parametrize(
    ("actor", "error", "slug"),
    [("li", NotAllowed, "own_request"), ("chen", NotAllowed, "not_holder"), ("gao", NotAllowed, "not_holder")],
)
def test_only_who_may_decide_now_asks(actor: str, error: type[Exception], slug: str) -> None:
    with pytest.raises(error) as refused:
        asking.ask(FIRST, HERE, actor, "?")
    assert getattr(refused.value, "slug", "") == slug


def test_a_delegate_asks_for_who_lent_the_seat() -> None:
    here = HERE._replace(delegations=(delegation("wang", "gao", "03-01 00:00", "04-01 00:00"),))
    done = asking.ask(FIRST, here, "gao", "?")
    assert (done.request.questions[0].by, done.events[0].on_behalf_of) == ("gao", "wang")


@pytest.mark.parametrize(
    ("to", "error"),
    [("nobody", NotFound), ("wang", UsageError), ("old", Conflict), ("bot", Conflict)],
)
def test_nobody_is_asked_who_could_not_answer(to: str, error: type[Exception]) -> None:
    people = (*TEAM, person("old", active=False), person("bot", None, "service"))
    here = world(kind(step("一", "manager")), people=people)
    with pytest.raises(error):
        asking.ask(submitted(here), here, "wang", "?", to=to)


def test_a_question_needs_words() -> None:
    with pytest.raises(UsageError):
        asking.ask(FIRST, HERE, "wang", "  ")
    with pytest.raises(UsageError):
        asking.reply(asking.ask(FIRST, HERE, "wang", "?").request, HERE, "li", "  ")


def test_who_was_asked_may_answer_and_a_stranger_not() -> None:
    asked = asking.ask(FIRST, HERE, "wang", "can it be built?", to="gao").request
    with pytest.raises(NotAllowed):
        asking.reply(asked, HERE, "lin", "yes")
    assert asking.reply(asked, HERE, "gao", "yes").request.questions[0].answered_by == "gao"
    assert asking.reply(asked, HERE, "li", "yes").request.questions[0].answered_by == "li"


def test_who_follows_one_who_left_answers_in_their_place() -> None:
    asked = asking.ask(FIRST, HERE, "wang", "?", to="gao").request
    people = tuple(u if u.login != "gao" else person("gao", "lin", active=False) for u in TEAM)
    gone = world(HERE.policy, people=people)
    gone = gone._replace(users={**gone.users, "gao": replace_successor(gone.users["gao"])})
    assert asking.reply(asked, gone, "xu", "yes").request.questions[0].answered_by == "xu"


def replace_successor(user: object) -> object:
    from oppcli.model.noun import replace

    return replace(user, successor="xu")


def test_of_several_questions_one_has_to_be_named() -> None:
    asked = asking.ask(asking.ask(FIRST, HERE, "wang", "a?").request, HERE, "wang", "b?").request
    with pytest.raises(Conflict) as refused:
        asking.reply(asked, HERE, "li", "so")
    assert [reason.fix for reason in refused.value.reasons] == ["--question 1", "--question 2"]
    answered = asking.reply(asked, HERE, "li", "so", question=2).request
    assert [each.answer for each in answered.questions] == [None, "so"]
    assert asking.reply(answered, HERE, "li", "now").request.questions[0].answer == "now"
    with pytest.raises(Conflict):
        asking.reply(answered, HERE, "li", "again", question=2)


def test_nothing_is_asked_or_answered_in_a_request_that_is_over() -> None:
    asked = asking.ask(FIRST, HERE, "wang", "?").request
    over = recall(asked, later(HERE, "03-09 10:00"), "li").request
    with pytest.raises(Conflict):
        asking.reply(over, HERE, "li", "so")
    with pytest.raises(Conflict):
        asking.ask(over, HERE, "wang", "?")
    assert over.asking == ()


def test_questions_go_on_through_a_return_and_the_time_left_is_as_if_nobody_asked() -> None:
    asked = asking.ask(FIRST, HERE, "wang", "?").request
    back = decide(asked, later(HERE, "03-09 10:00"), "wang", "return", reason="more").request
    answered = asking.reply(back, HERE, "li", "so").request
    assert answered.steps[0].remaining_ms == 7 * HOUR
