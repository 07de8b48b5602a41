"""A small team, a policy and a clock for tests of approvals: built in lines, no database."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from parsed import parse

from oppcli.model.approver import approver
from oppcli.model.deals import Deal
from oppcli.model.fields import BUILT_IN
from oppcli.model.people import Delegation, User
from oppcli.model.policy import Calendar, Condition, Policy, StageRule, StepRule, Tolerance, TypeRule
from oppcli.model.requests import Request
from oppcli.model.units import HOUR_MS
from oppcli.rules import fields
from oppcli.rules.approvals import submitting
from oppcli.rules.approvals.world import World

HOUR = HOUR_MS
DAYS = (((540, 720), (780, 1080)),) * 5
"""Monday to Friday 09:00-12:00 and 13:00-18:00."""
CN = Calendar(name="cn", timezone="Asia/Shanghai", week=(*DAYS, (), ()))
STAGES = (
    StageRule(name="线索", kind="lead", probability=5),
    StageRule(name="方案", kind="open", probability=30),
    StageRule(name="谈判", kind="open", probability=70),
    StageRule(name="签约", kind="open", probability=90),
    StageRule(name="赢单", kind="won", probability=100),
    StageRule(name="输单", kind="lost"),
)


def at(text: str) -> int:
    """`at("03-09 09:00")`: that wall time in Shanghai, 2026. 9 March is a Monday."""
    moment = datetime.strptime(f"2026-{text}+0800", "%Y-%m-%d %H:%M%z")
    return int(moment.timestamp() * 1000)


def wall(ms: int | None) -> str | None:
    """The reverse of `at`."""
    return None if ms is None else datetime.fromtimestamp(ms / 1000 + 8 * 3600, UTC).strftime("%m-%d %H:%M")


def person(login: str, manager: str | None = None, *roles: str, active: bool = True) -> User:
    return User(login=login, name=login.title(), manager=manager, roles=roles or ("sales",), active=active)


TEAM = (
    person("li", "wang"),
    person("wang", "zhou", "manager"),
    person("zhou", "ma", "manager"),
    person("ma"),
    person("chen", "ma", "finance"),
    person("zhao", "chen", "finance"),
    person("lin", "ma", "tech"),
    person("gao", "lin", "tech"),
    person("xu", "lin", "tech"),
    person("tang", "ma", "ops"),
    person("root", None, "admin"),
)


def when(text: str) -> Condition:
    return parse(text, dict.fromkeys(BUILT_IN, "text") | fields.field_kinds(policy()))


def step(name: str = "财务", who: str | tuple[str, ...] = "role:finance", rule: str = "any", **more: Any) -> StepRule:
    """`rule` as in the file: any, all, at least 2, at least 50%."""
    kind, _, need = rule.partition("at least ")
    if need.endswith("%"):
        more["share"] = int(need[:-1]) * 100
    elif need:
        more["need"] = int(need)
    if "when" in more:
        more["when"] = when(more["when"])
    return StepRule(
        name=name,
        who=tuple(map(approver, (who,) if isinstance(who, str) else who)),
        rule="at_least" if need else kind,
        **more,
    )


def kind(*steps: StepRule, name: str = "quote", **more: Any) -> TypeRule:
    """A type of request; what the approvers see is amount and discount unless said otherwise."""
    more.setdefault("material", ("amount", "discount"))
    if "when" in more:
        more["when"] = when(more["when"])
    return TypeRule(name=name, title=name, steps=steps or (step(),), **more)


def policy(*types: TypeRule, **more: Any) -> Policy:
    more.setdefault("gates", {"谈判": tuple(rule.name for rule in types)})
    more.setdefault("fallback", ("role:ops",))
    more.setdefault("hash", "p1")
    return Policy(
        name="test",
        currency="CNY",
        calendar="cn",
        stages=STAGES,
        types={rule.name: rule for rule in types},
        calendars={"cn": CN},
        **more,
    )


def deal(**more: Any) -> Deal:
    facts: dict[str, Any] = {"amount": 80_000_000, "discount": 50_000, "margin": 300_000, "payment_days": 30}
    given: dict[str, Any] = {"id": 1, "title": "上海精密仪器", "stage": "方案", "owner": "li"} | facts | more
    return Deal(**given)


def world(
    rules: Policy | TypeRule | None = None, *, now: str = "03-09 09:00", people: tuple[User, ...] = TEAM, **more: Any
) -> World:
    """The deal of `li`, CNY 800,000.00, 5 % discount, on Monday 9 March 2026 at 09:00 in Shanghai."""
    chosen = rules if isinstance(rules, Policy) else policy(rules or kind())
    more.setdefault("deal", deal())
    return World(now=at(now), policy=chosen, users={user.login: user for user in people}, **more)


def later(before: World, now: str, **more: Any) -> World:
    return before._replace(now=at(now), **more)


def changed(before: World, **facts: Any) -> World:
    """The world after the deal's facts changed."""
    from dataclasses import replace

    return before._replace(deal=replace(before.deal, **facts))


def submitted(here: World, name: str = "quote", by: str = "li", number: int = 31) -> Request:
    """The request as it stands after submitting."""
    done = submitting.submit(here, by, name, number=number)
    assert done is not None
    return done.request


def open_people(request: Request) -> dict[str, list[list[str]]]:
    """Open steps by name, each with the holders of its open seats."""
    return {
        place.name: [[holder.login for holder in seat.holders] for seat in place.seats if seat.state == "open"]
        for place in request.open_steps
    }


def states(request: Request) -> dict[str, str]:
    return {place.name: place.state for place in request.plan}


def delegation(frm: str, to: str, start: str, end: str, **more: Any) -> Delegation:
    return Delegation(frm=frm, to=to, starts_at=at(start), ends_at=at(end), **more)


def percent(share: str) -> Tolerance:
    return Tolerance(share=Decimal(share) / 100)
