"""Nouns that the tests of the store begin with: a small team, a pipeline, a customer, a deal, a request."""

from dataclasses import replace

from oppcli.model.deals import Customer, Deal, Stage, Visit
from oppcli.model.people import User
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.store.doors import WriteDoor

LI = User(login="li", name="李雷", roles=("sales",))
WANG = User(login="wang", name="王芳", roles=("manager", "sales"), manager=None)
STAGES = (
    Stage(name="线索", kind="lead", position=1),
    Stage(name="谈判", kind="open", position=2, probability=60),
    Stage(name="赢单", kind="won", position=3, probability=100),
)
DEAL = Deal(
    title="MES 二期",
    stage="线索",
    owner="li",
    amount=80_000_000,
    tags=("重点", "mes"),
    extra={"line": "离散", "phase": "2"},
    created_at=1000,
    created_by="li",
    visits=(Visit(stage="线索", entered_at=1000),),
)
SEAT = Seat(number=1, holders=(Holder(login="wang"),))
STEP = Step(revision=1, position=1, group=1, name="主管", state="open", due_at=5000, seats=(SEAT,), who=("manager",))
LATER = Step(revision=1, position=2, group=2, name="财务", who=("role:finance",))
DECISION = Decision(number=1, revision=1, step=1, seat=1, actor="wang", actor_name="王芳", at=2000)
FACTS = Revision(number=1, snapshot={"amount": "800000.00", "discount": None}, at=1500, editor="li")


def team(door: WriteDoor) -> None:
    """Two people and three stages."""
    for noun in (WANG, LI, *STAGES):
        door.add(noun)


def deal(door: WriteDoor) -> Deal:
    """The team, and a deal with a customer."""
    team(door)
    customer = door.add(Customer(name="上海精密", key="上海精密"))
    return door.add(replace(DEAL, customer_id=customer.id))


def request(door: WriteDoor) -> Request:
    """The deal, and a request for it with an open step and one that waits."""
    wanted = deal(door)
    return door.add(
        Request(
            deal_id=wanted.id,
            type="quote",
            submitted_by="li",
            submitted_at=1500,
            revisions=(FACTS,),
            steps=(STEP, LATER),
        )
    )


def advanced(before: Deal) -> Deal:
    """The deal one stage on, left and entered at 2000."""
    left = (*before.visits[:-1], replace(before.visits[-1], left_at=2000))
    return replace(before, stage="谈判", visits=(*left, Visit(stage="谈判", entered_at=2000)))


def approved(before: Request) -> Request:
    """The request with its first step approved by wang and its second one opened."""
    first, second = before.steps
    done = replace(first.seats[0], state="approved", decided_by="wang")
    closed = replace(first, state="approved", closed_at=2000, seats=(done,))
    opened = replace(second, state="open", seats=(SEAT,))
    return replace(before, steps=(closed, opened), decisions=(DECISION,))
