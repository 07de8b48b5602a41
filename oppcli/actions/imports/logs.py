"""Approval logs into the database: a request for each case, on a deal that is found or made for it."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.case_deals import COMPUTED, Deals, Told, Unfollowed, spread
from oppcli.actions.imports.deal_fields import DealFields
from oppcli.actions.imports.deals import TOLERANCE_MS, DealReader
from oppcli.actions.imports.merge import RowSaid
from oppcli.actions.imports.named_people import People
from oppcli.actions.imports.requests import Actors, EventReader, RequestFields, Writer
from oppcli.actions.imports.rights import Trust, not_theirs, part_of
from oppcli.actions.imports.taking import DealTaker
from oppcli.errors import Reason
from oppcli.files import fit, kinds
from oppcli.files.cases import Case, cases
from oppcli.files.course import Course, course
from oppcli.files.mapping import ImportMap
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import Columns, Problem
from oppcli.files.sheets import Sheet
from oppcli.files.tally import Draft, Tally
from oppcli.files.verbs import NEEDED, named
from oppcli.model.deals import Customer, Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, IMPORT, INVALIDATED, TRUSTED, Request, Step
from oppcli.model.said import say
from oppcli.rules.approvals import figures
from oppcli.rules.approvals.world import World
from oppcli.store.doors import WriteDoor

FINDS = ("external_id",)
"""A [deal] with nothing else finds deals and makes none."""


def log(
    act: Act, sheet: Sheet, mapping: ImportMap, name: str, people: People, trust: Trust | None = None
) -> tuple[Iterator[Case], "RequestTaker"]:
    """The cases of a log, and what takes them. Refused where the mapping does not fit."""
    door, policy = act.door, act.policy
    person = mapping.fields.get("person")
    actors = Actors(people, person.roles if person else (), with_roles="role" in mapping.fields)
    fields = RequestFields(policy, mapping, actors, kinds.zone_of(mapping, policy))
    of_deals = dataclasses.replace(mapping, kind="deals", fields=mapping.deal, deal={}, activities={}, problems=())
    deal_fields = DealFields(policy, people, fields.zone)
    fit.refuse(name, [*mapping.problems, *_misfits(mapping, of_deals, sheet, policy, fields, deal_fields)])
    headers = (sheet.header, (*sheet.header, *COMPUTED))
    columns, more = (Columns(header, excel=sheet.excel, typed=sheet.typed) for header in headers)
    making = None
    if tuple(mapping.deal) != FINDS:
        making = DealTaker(act, of_deals, DealReader(of_deals, more, deal_fields, door.at), people, trust)
    reader = EventReader(mapping, columns, fields, door.at + TOLERANCE_MS)
    deals = Deals(door, mapping, more, making)
    id_of = kinds.text(fields.fields["external_id"])
    key = columns.reader(mapping.fields["external_id"], lambda _: id_of)
    writer = Writer(policy, mapping.system, actors, IMPORT if trust is None else TRUSTED)
    taker = RequestTaker(door, policy, mapping, reader, deals, writer, trust)
    return cases(sheet, key), taker


def _misfits(
    mapping: ImportMap, of_deals: ImportMap, sheet: Sheet, policy: Policy, fields: RequestFields, deals: DealFields
) -> Iterator[Reason]:
    yield from fit.misfits(dataclasses.replace(mapping, deal={}, entered={}), sheet.header, sheet.name, policy, fields)
    has = named(mapping.activities)
    for verb in NEEDED:
        if verb not in has:
            yield Reason("[activities]", say('nothing is "{verb}"', verb=verb))
    if tuple(mapping.deal) == FINDS and not mapping.entered:
        yield from fit.columns(of_deals, (*sheet.header, *COMPUTED), sheet.name, "deal")
        return
    found = fit.misfits(of_deals, (*sheet.header, *COMPUTED), sheet.name, policy, deals, "deal")
    yield from (reason for reason in found if reason.what != "system")


class RequestTaker:
    """Requests: new ones in bulk, known ones (by system and external id) continued."""

    def __init__(
        self,
        door: WriteDoor,
        policy: Policy,
        mapping: ImportMap,
        reader: EventReader,
        deals: Deals,
        writer: Writer,
        trust: Trust | None,
    ) -> None:
        self.door, self.policy, self.mapping = door, policy, mapping
        self.reader, self.deals, self.writer, self.trust = reader, deals, writer, trust

    def take(self, chunk: list[Case], tally: Tally) -> list[Draft]:
        drafts: list[Draft] = []
        found: list[Told] = []
        for case in chunk:
            rows = [Draft(line, cells) for line, cells in case.rows]
            drafts += rows
            told = self._told(case.key, rows, tally)
            if told is not None:
                found.append(told)
        keys = [told.key for told in found]
        known = self.door.find(Request, system=self.mapping.system, external_id=keys) if keys else []
        stored = {request.external_id: request for request in known}
        self._continue([(told, stored[told.key]) for told in found if told.key in stored], tally)
        self._add([told for told in found if told.key not in stored], tally)
        tally.people = self.writer.actors.people.made
        return drafts

    def _told(self, key: str, drafts: list[Draft], tally: Tally) -> Told | None:
        """The case, or None where it cannot be told or nothing ever happened in it."""
        if not key:
            drafts[0].wrong("external_id", say("is blank or too long"))
            return None
        events = [self.reader.event(draft) for draft in drafts]
        if any(event is None for event in events):
            spread(drafts)
            return None
        found = course([event for event in events if event is not None])
        if type(found) is Problem:
            drafts[0].wrong("", found)
            spread(drafts)
        elif found is None:
            tally.left_out += 1
        else:
            assert isinstance(found, Course)
            return Told(key, drafts[0].values["type"], found, drafts)
        return None

    def _add(self, found: list[Told], tally: Tally) -> None:
        paired = self.deals.of(found, tally)
        asked = self._asked_here([deal.id for _, deal, made in paired if not made])
        fresh = []
        for told, deal, _ in paired:
            before = asked.get((deal.id, told.rule.name))
            if before is not None:
                said = say(
                    "{deal} has {request} of this type from here already; what was before it cannot be told after it",
                    deal=ref("deal", deal.id),
                    request=ref("request", before),
                )
                told.refuse("external_id", said)
                continue
            shown = figures.snapshot(told.rule, self.policy, self._world(deal))
            made = self.writer.request(told.key, told.rule, deal, told.course, shown)
            if not self._barred(told, deal, made):
                fresh.append(made)
                tally.unended += told.course.unended
        self._vouched(self.door.add_many(fresh))
        tally.created += len(fresh)

    def _barred(self, told: Told, deal: Deal, made: Request) -> bool:
        """Whether the case is refused because who vouches for its approvals has a part in the deal."""
        why = None if self.trust is None else part_of(self.door.stamp.actor, deal, (made.submitted_by,))
        if why is not None:
            told.refuse("external_id", why)
        return why is not None

    def _vouched(self, numbers: Iterable[int]) -> None:
        """Each request whose approvals count from now on, with the reason, in the journal."""
        for number in numbers if self.trust is not None else ():
            self.door.note("trust", "request", str(number), {"reason": self.trust.reason if self.trust else ""})

    def _world(self, deal: Deal) -> World:
        customer = self.door.get(Customer, deal.customer_id).name if deal.customer_id else None
        return World(self.door.at, deal, self.policy, {}, customer=customer)

    def _asked_here(self, deals: list[int]) -> dict[tuple[int, str], int]:
        """By deal and type the requests that were made in this program, of deals that were there before."""
        found = self.door.find(Request, deal_id=deals) if deals else []
        return {(request.deal_id, request.type): request.id for request in found if request.external_id is None}

    def _continue(self, pairs: list[tuple[Told, Request]], tally: Tally) -> None:
        """What was imported earlier goes on where the log does, and with it the deals that it made; the log of before
        must still be the beginning."""
        if self.mapping.existing == SKIP:
            tally.unchanged += len(pairs)
            return
        after = {before.id: self._after(before, told) for told, before in pairs}
        going = [(told, before) for told, before in pairs if after[before.id] is not None]
        deals = self.deals.following(going)
        for told, before in going:
            if not any(draft.problems for draft in told.drafts):
                self._save(told, before, after[before.id] or before, deals.get(before.id), tally)

    def _after(self, before: Request, told: Told) -> Request | None:
        """The request as the log tells it now; None after refusing a log that begins otherwise."""
        deal = self.door.get(Deal, before.deal_id)
        now = self.writer.request(told.key, told.rule, deal, told.course, before.facts.snapshot)
        why = not_theirs(self.door, self.door.stamp.actor, deal)
        if why is not None:
            told.refuse("external_id", why)
        if why is not None or self._barred(told, deal, now):
            return None
        if _begins(before, now):
            longer = _longer(before, now)
            if self.reader.with_due:
                longer = replace(longer, steps=_due(longer.steps, now.steps))
            # What nobody vouched for is history, with all that came before it.
            return replace(longer, channel=now.channel) if longer != before or self.trust else before
        told.refuse(
            "external_id",
            say("{case} was imported with other events ({request})", case=told.key, request=ref("request", before.id)),
        )
        return None

    def _save(
        self,
        told: Told,
        before: Request,
        after: Request,
        row: tuple[Draft, Deal, RowSaid] | None,
        tally: Tally,
    ) -> None:
        """The request and its deal, or neither."""
        moved = Tally()
        try:
            with self.door.whole():
                if after != before:
                    self.door.save(before, after, action="import")
                    self._vouched([before.id])
                if row is not None:
                    self.deals.follow(told, row, moved)
        except Unfollowed:
            return
        tally.followed += moved.updated
        if after == before:
            tally.unchanged += 1
        else:
            tally.updated += 1


def _begins(before: Request, now: Request) -> bool:
    """Whether the stored events are the first of those in the file."""
    events = [(d.revision, d.verdict, d.at) for d in before.decisions]
    revisions = [revision.at for revision in before.revisions]
    return (
        before.type == now.type
        and events == [(d.revision, d.verdict, d.at) for d in now.decisions[: len(events)]]
        and revisions == [revision.at for revision in now.revisions[: len(revisions)]]
    )


def _longer(before: Request, now: Request) -> Request:
    """The stored request with what came after. An approval that was invalidated here stays invalidated."""
    after = replace(
        before,
        revision=now.revision,
        note=now.note,
        revisions=_more(before.revisions, now.revisions),
        steps=_more(before.steps, now.steps),
        decisions=_more(before.decisions, now.decisions),
    )
    if before.state == INVALIDATED and now.state == APPROVED and len(after.decisions) == len(before.decisions):
        return after
    return replace(
        after,
        state=now.state,
        decided_at=now.decided_at,
        invalidated_at=now.invalidated_at,
        reason=now.reason,
    )


def _due(steps: tuple[Step, ...], now: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps with the deadlines that the log has now."""
    pairs = zip(steps, now, strict=True)
    return tuple(replace(step, due_at=other.due_at, breached_at=other.breached_at) for step, other in pairs)


def _more(before: tuple[Any, ...], now: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*before, *now[len(before) :])
