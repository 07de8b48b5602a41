"""Rows of approval logs: the compiled readers of a mapping, who did something, and the request that the course of a
case makes."""

from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions.imports.named_people import Newcomer, People
from oppcli.files import dates, kinds
from oppcli.files.course import Course, Event, Vote
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.tally import Draft
from oppcli.files.verbs import RECALL, REJECT, RETURN, Verbs
from oppcli.model.approver import role
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    CANCELLED,
    REJECTED,
    WITHDRAW,
    Decision,
    Request,
    Revision,
    Seat,
    Step,
)
from oppcli.model.said import listed, say
from oppcli.rules.approvals.recording import snapshot_hash
from oppcli.rules.fields import personal
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.shown import iso
from oppcli.words.spelling import nearest

STEP_STATE = {REJECT: REJECTED, RETURN: CANCELLED}
"""Of a step that ended so; every other one was approved."""
VERDICT = {REJECT: REJECT, RETURN: RETURN, RECALL: WITHDRAW}
UNKNOWN = "unknown"
"""What a role is called that the log does not tell."""


class Printed(str):
    """The name of somebody who is no user, as the log has it."""

    __slots__ = ()


class Actor(NamedTuple):
    """Who a decision is by. `login` is a login, or `role:NAME` where the person is no user."""

    login: str
    name: str


class Actors:
    """The actors of events. People are made only where the mapping asks for it."""

    def __init__(self, people: People, roles: tuple[str, ...], *, with_roles: bool) -> None:
        """`roles`: of people who are made. `with_roles`: the log tells roles, so that a blank one is unknown."""
        self.people, self.roles, self.with_roles = people, roles, with_roles

    def known_or_printed(self, text: str) -> str:
        """The login of the one person called so, or the name as it is printed."""
        return self.people.login(text.strip()) or Printed(text.strip())

    def of(self, event: Event) -> Actor:
        """Who did it."""
        person = event.person
        if type(person) is Newcomer:
            person = self.people.make(person, self.roles)
        if person is not None and type(person) is not Printed:
            return Actor(person, self.people.everyone[person].name)
        if event.role is None and not self.with_roles:
            return Actor(person or UNKNOWN, person or UNKNOWN)
        name = event.role or UNKNOWN
        return Actor(role(name), person or name)


class RequestFields:
    """The fields of an event: makes the conversion of a cell for each."""

    needed: tuple[str, ...] = ("external_id", "type", "activity", "at")
    fields: Mapping[str, Field] = {
        "external_id": Field("external_id", required=True, is_id=True),
        "type": Field("type", "type", required=True),
        "activity": Field("activity", "activity", required=True),
        "at": Field("at", "instant", required=True),
        "role": Field("role"),
        "person": Field("person", "person"),
        "step": Field("step"),
        "reason": Field("reason"),
        "due": Field("due", "due"),
    }

    def __init__(self, policy: Policy, mapping: ImportMap, actors: Actors, zone: ZoneInfo) -> None:
        self.policy, self.mapping, self.actors, self.zone = policy, mapping, actors, zone

    def of(self, field: Field, source: Source) -> Convert:
        match field.kind:
            case "type":
                return self.type
            case "activity":
                return self.activity
            case "person":
                return partial(self.actors.people.named, create=True) if source.create else self.actors.known_or_printed
            case "due":
                return lambda text: dates.end(text.strip(), source.date, self.zone)
        return kinds.converter(field, source, currency=self.policy.currency, zone=self.zone)

    def type(self, text: str) -> TypeRule:
        """The type of the policy called so. Refused (`Invalid`) where there is none."""
        found = self.policy.types.get(text.strip())
        if found is None:
            raise Invalid(
                say("the policy has no type {text}{nearest}", text=text, nearest=nearest(text, self.policy.types))
            )
        return found

    def activity(self, text: str) -> tuple[str, Verbs]:
        """An activity and what it is mapped to. Refused (`Invalid`) where it is mapped to nothing."""
        verbs = self.mapping.activities.get(text.strip())
        if verbs is None:
            raise Invalid(
                say("{text} is not in [activities]{nearest}", text=text, nearest=nearest(text, self.mapping.activities))
            )
        return text.strip(), verbs


class EventReader:
    """A mapping compiled for one file: rows in, events out."""

    def __init__(self, mapping: ImportMap, columns: Columns, to: RequestFields, latest: int) -> None:
        self.latest = latest
        self.reads: dict[str, Read] = {
            name: columns.reader(source, partial(to.of, to.fields[name]), cached=name not in ("at", "person"))
            for name, source in mapping.fields.items()
            if name != "external_id"
        }
        self.with_roles = "role" in mapping.fields
        self.with_due = "due" in mapping.fields

    def event(self, draft: Draft) -> Event | None:
        """What the row says; None after noting in the draft what is wrong with it."""
        values = draft.values
        for name, read in self.reads.items():
            value = values[name] = read(draft.cells)
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is None and RequestFields.fields[name].required:
                draft.wrong(name, BLANK)
        if draft.problems:
            return None
        (activity, verbs), role, at = values["activity"], values.get("role"), values["at"]
        verb = verbs.of(role)
        if verb is None:
            draft.wrong(
                "activity",
                say(
                    "[activities] {activity} does not say what it is by {role}",
                    activity=activity,
                    role=role or "nobody",
                ),
            )
        if at > self.latest:
            draft.wrong("at", say("{at} is in the future", at=iso(at)))
        step = values.get("step") or role or (UNKNOWN if self.with_roles else activity)
        told = (values.get("person"), values.get("reason"), values.get("due"))
        return None if draft.problems else Event(draft.line, at, verb or "", activity, step, role, *told)


class Writer:
    """Makes requests of courses, as of the policy that is applied now."""

    def __init__(self, policy: Policy, system: str, actors: Actors, channel: str) -> None:
        self.policy, self.system, self.actors = policy, system, actors
        self.channel = channel
        """IMPORT, or TRUSTED where an admin vouches for the votes."""

    def request(self, key: str, rule: TypeRule, deal: Deal, found: Course, shown: Mapping[str, str | None]) -> Request:
        """The request with everything that happened to it. `shown` is what its approvers saw: nobody knows better."""
        submitter = self.actors.of(found.revisions[0].event).login
        made = Request(
            deal_id=deal.id,
            type=rule.name,
            title=rule.title,
            state=found.state,
            revision=len(found.revisions),
            policy=self.policy.hash,
            submitted_by=submitter,
            submitted_at=found.revisions[0].event.at,
            owner=deal.owner,
            note=listed(
                (say("{activity} {iso}", activity=event.activity, iso=iso(event.at)) for event in found.notes), "; "
            )
            or None,
            reason=found.reason,
            decided_at=found.decided_at,
            invalidated_at=found.invalidated_at,
            amount=deal.amount,
            currency=deal.currency,
            channel=self.channel,
            external_id=key,
            system=self.system,
            revisions=tuple(
                Revision(
                    number=number,
                    snapshot=shown,
                    at=begun.event.at,
                    editor=self.actors.of(begun.event).login,
                    why=begun.why,
                )
                for number, begun in enumerate(found.revisions, 1)
            ),
        )
        return self._decided(made, rule, found)

    def _decided(self, made: Request, rule: TypeRule, found: Course) -> Request:
        calendars = {step.name: step.calendar for step in rule.steps}
        digest = snapshot_hash(made, personal(self.policy))
        steps: list[Step] = []
        decisions: list[Decision] = []
        places: dict[int, int] = {}
        for vote in found.votes:
            actor = self.actors.of(vote.event)
            place = 0
            if vote.event.verb != RECALL:
                place = places[vote.revision] = places.get(vote.revision, 0) + 1
                calendar = calendars.get(vote.event.step) or self.policy.calendar
                steps.append(_step(vote, place, actor.login, calendar))
            decisions.append(
                Decision(
                    number=len(decisions) + 1,
                    revision=vote.revision,
                    step=place,
                    seat=1 if place else 0,
                    actor=actor.login,
                    actor_name=actor.name,
                    verdict=VERDICT.get(vote.event.verb, APPROVE),
                    own=actor.login == made.submitted_by,
                    at=vote.event.at,
                    reason=vote.event.reason,
                    snapshot_hash=digest,
                    policy=made.policy,
                )
            )
        return replace(made, steps=tuple(steps), decisions=tuple(decisions))


def _step(vote: Vote, place: int, actor: str, calendar: str) -> Step:
    """A step with the one seat that was filled. It is late where the log has a deadline, and it ended after that."""
    event = vote.event
    state = STEP_STATE.get(event.verb, APPROVED)
    return Step(
        revision=vote.revision,
        position=place,
        group=place,
        name=event.step,
        state=state,
        who=(role(event.role),) if event.role else (),
        calendar=calendar,
        opened_at=vote.opened_at,
        resumed_at=vote.opened_at,
        closed_at=event.at,
        due_at=vote.due,
        breached_at=vote.due if vote.due is not None and event.at > vote.due else None,
        seats=(Seat(number=1, holders=(), state=state, decided_by=None if state == CANCELLED else actor),),
    )
