"""The invariants of approvals, each one sentence and one function over two moments; they share no code with the rules.

A check returns what is wrong, or None. `CHECKS` is what the state machine runs after every command; a test of its own
feeds each check a moment that breaks it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from oppcli.model.requests import Decision, Request, Step, Term
from oppcli.rules import clock, conditions
from oppcli.rules.approvals.ticking import tick
from oppcli.rules.approvals.transition import Event
from oppcli.rules.approvals.world import World

LIVE = ("pending", "returned")
FINAL = ("approved", "rejected", "recalled", "cancelled", "invalidated")


class Moment(NamedTuple):
    """The world after a command, and everything that happened so far."""

    world: World
    verb: str = "begin"
    actor: str = ""
    refused: bool = False
    log: tuple[tuple[int, int, Event], ...] = ()
    """(request, revision, event), from the beginning."""
    carried: frozenset[tuple[int, int, str]] = frozenset()
    """(request, decision, role): what whoever decided carried when they did."""

    @property
    def requests(self) -> dict[int, Request]:
        return {request.id: request for request in self.world.requests}


Check = Callable[[Moment, Moment], str | None]
CHECKS: dict[int, Check] = {}


def invariant(number: int) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        CHECKS[number] = check
        return check

    return keep


def problems(before: Moment, after: Moment) -> list[str]:
    """Every invariant that does not hold."""
    found = ((number, check(before, after)) for number, check in CHECKS.items())
    return [f"invariant {number}: {problem}" for number, problem in found if problem]


def pairs(before: Moment, after: Moment) -> Iterator[tuple[Request, Request]]:
    old = before.requests
    return ((old[number], request) for number, request in after.requests.items() if number in old)


def plan(request: Request) -> list[Step]:
    """The steps of the current revision that are not redone."""
    steps = (s for s in request.steps if s.revision == request.revision and s.state != "redone")
    return sorted(steps, key=lambda s: (s.group, s.position))


def counting(request: Request) -> list[Decision]:
    """Votes that count, told from the records alone."""
    withdrawn = {d.refers_to for d in request.decisions if d.verdict == "withdraw"}
    votes = (d for d in request.decisions if d.verdict in ("approve", "reject") and d.number not in withdrawn)
    standing = {s.position for s in plan(request)}
    return [d for d in votes if d.revision == request.revision and d.step in standing]


def new_decisions(before: Moment, after: Moment) -> Iterator[tuple[Request, Decision]]:
    old = before.requests
    for number, request in after.requests.items():
        known = len(old[number].decisions) if number in old else 0
        yield from ((request, decision) for decision in request.decisions[known:])


def overridden(request: Request) -> bool:
    return any(d.verdict == "override" and d.revision == request.revision for d in request.decisions)


@invariant(1)
def one_live_request_of_a_type(before: Moment, after: Moment) -> str | None:
    counted = Counter((r.deal_id, r.type) for r in after.world.requests if r.state in LIVE)
    return next((f"{key} has {n} live requests" for key, n in counted.items() if n > 1), None)


SAME = {state: {state} for state in (*LIVE, *FINAL)}
MOVES: dict[str, dict[str, set[str]]] = {
    "approve": {"pending": {"pending", "approved"}},
    "reject": {"pending": {"pending", "rejected", "returned"}},
    "return": {"pending": {"pending", "returned"}},
    "resubmit": {"returned": {"returned", "pending", "cancelled"}},
    "recall": {"pending": {"pending", "recalled"}, "returned": {"returned", "recalled"}},
    "cancel": {"pending": {"pending", "cancelled"}, "returned": {"returned", "cancelled"}},
    "revoke": {"approved": {"approved", "invalidated"}},
    "override": {"pending": {"pending", "approved"}, "returned": {"returned", "approved"}},
    "rebase": {"pending": {"pending", "cancelled"}, "returned": {"returned", "pending", "cancelled"}},
    "edit": {"pending": {"pending", "returned", "cancelled"}, "approved": {"approved", "invalidated"}},
    "lose": {"pending": {"cancelled"}, "returned": {"cancelled"}},
    "tick": {"pending": {"pending", "returned", "rejected"}, "approved": {"approved", "invalidated"}},
}


@invariant(2)
def only_the_transitions_of_the_table(before: Moment, after: Moment) -> str | None:
    allowed = SAME | MOVES.get(after.verb, {})
    for old, new in pairs(before, after):
        if new.state not in allowed[old.state]:
            return f"{after.verb} took {old.id} from {old.state} to {new.state}"
    born = [r for number, r in after.requests.items() if number not in before.requests]
    wrong = (r for r in born if r.state != "pending" or not may_begin(before, after, r))
    return next((f"{r.id} began as {r.state}" for r in wrong), None)


def may_begin(before: Moment, after: Moment, request: Request) -> bool:
    """Submitted; or the owner's change ended an approval of a type that says `again`."""
    fell = [new for old, new in pairs(before, after) if (old.state, new.state) == ("approved", "invalidated")]
    rule = after.world.policy.types[request.type]
    owner = after.actor == after.world.deal.owner == request.submitted_by
    repeated = after.verb == "edit" and rule.again and owner and any(each.type == request.type for each in fell)
    return after.verb == "submit" or repeated


@invariant(3)
def approved_means_every_step_of_a_plan_that_is_not_empty(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        steps = plan(request)
        complete = bool(steps) and all(step.state == "approved" for step in steps)
        if request.state == "approved" and not complete and not overridden(request):
            return f"{request.id}: {[step.state for step in steps]}"
    return None


@invariant(4)
def a_seat_has_one_counting_vote(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        counted = Counter((d.step, d.seat) for d in counting(request))
        if any(n > 1 for n in counted.values()):
            return f"{request.id}: {counted}"
    return None


@invariant(5)
def one_human_one_vote_per_step(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        counted = Counter((d.step, d.actor) for d in counting(request))
        if any(n > 1 for n in counted.values()):
            return f"{request.id}: {counted}"
    return None


@invariant(6)
def nobody_votes_on_what_they_submitted_own_or_edited(before: Moment, after: Moment) -> str | None:
    for request, made in new_decisions(before, after):
        rules = after.world.frozen.get(request.policy, after.world.policy).sod
        barred = set() if rules.submitter_may_approve else with_a_part(after.world, request)
        shown = next(revision for revision in request.revisions if revision.number == made.revision)
        barred |= set() if rules.editor_may_approve else set(shown.editors)
        if made.verdict in ("approve", "reject") and barred & {made.actor, made.on_behalf_of} - {None}:
            return f"{request.id}: {made.actor} for {made.on_behalf_of}"
    return None


def with_a_part(world: World, request: Request) -> set[str | None]:
    """Who submitted it or owns the deal, then or now, or works on it."""
    return {request.submitted_by, request.owner, world.deal.owner, *world.deal.collaborators}


@invariant(60)
def no_vote_counts_of_who_has_taken_the_deal_over(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        rules = after.world.frozen.get(request.policy, after.world.policy).sod
        over = request.state not in ("pending", "returned", "approved")
        expired = request.valid_until is not None and after.world.now > request.valid_until
        barred = set() if rules.submitter_may_approve else with_a_part(after.world, request) - {None}
        wrong = [d.number for d in counting(request) if barred & {d.actor, d.on_behalf_of}]
        if wrong and not over and not expired:
            return f"{request.id} is {request.state}: {wrong} count"
    return None


@invariant(8)
def exactly_one_group_is_open_while_pending(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        if request.state != "pending":
            continue
        steps = plan(request)
        groups = {step.group for step in steps if step.state == "open"}
        if len(groups) != 1:
            return f"{request.id}: open groups {groups}"
        here = groups.pop()
        wrong = [
            s for s in steps if (s.group < here and s.state != "approved") or (s.group > here and s.state != "waiting")
        ]
        wrong += [s for s in steps if s.group == here and s.state not in ("open", "approved")]
        if wrong:
            return f"{request.id}: {[(s.group, s.state) for s in steps]}"
    return None


@invariant(9)
def an_open_step_can_still_be_decided(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        for step in request.steps:
            if step.state == "open" and not decidable(step):
                return f"{request.id} {step.name}: {step.rule} {step.need} {[seat.state for seat in step.seats]}"
    return None


def decidable(step: Step) -> bool:
    states = [seat.state for seat in step.seats]
    if "open" not in states:
        return False
    if step.rule == "any":
        return states == ["open"]
    if step.rule == "all":
        return "rejected" not in states
    yes, free = states.count("approved"), states.count("open")
    awaited = any(seat.must and seat.state == "open" for seat in step.seats)
    ended = any((seat.must or seat.veto) and seat.state == "rejected" for seat in step.seats)
    return not ended and yes + free >= step.need and (yes < step.need or awaited)


@invariant(10)
def nothing_stays_open_in_a_final_state(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        for step in request.steps:
            over = request.state in FINAL or step.revision < request.revision
            if over and (step.state in ("open", "waiting") or any(seat.state == "open" for seat in step.seats)):
                return f"{request.id} is {request.state}, {step.name} {step.state}"
    return None


@invariant(11)
def after_a_tick_an_open_seat_has_able_people_or_is_blocked(before: Moment, after: Moment) -> str | None:
    if after.verb != "tick":
        return None
    for request in after.world.requests:
        for step in request.steps:
            for seat in step.seats:
                people = [holder.login for holder in seat.holders]
                if (
                    request.state == "pending"
                    and seat.state == step.state == "open"
                    and not able(after, request, people)
                ):
                    return f"{request.id} {step.name}: {people}"
    return None


def able(moment: Moment, request: Request, people: list[str]) -> bool:
    """Everybody is active and free of conflict; nobody at all counts as blocked."""
    rules = moment.world.frozen.get(request.policy, moment.world.policy).sod
    barred = set() if rules.submitter_may_approve else with_a_part(moment.world, request)
    return all(moment.world.users[login].active and login not in barred for login in people)


@invariant(12)
def approvals_counted_are_seats_approved(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        votes = Counter(d.step for d in counting(request) if d.verdict == "approve")
        for step in plan(request):
            seats = sum(seat.state == "approved" for seat in step.seats)
            if seats != votes[step.position]:
                return f"{request.id} {step.name}: {seats} seats, {votes[step.position]} votes"
    return None


@invariant(13)
def decisions_are_never_removed_or_altered_and_stop_counting_only_once(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        if new.decisions[: len(old.decisions)] != old.decisions:
            return f"{new.id}: decisions changed"
        revived = {d.number for d in counting(new)} - {d.number for d in counting(old)}
        if revived & {d.number for d in old.decisions}:
            return f"{new.id}: {revived} count again"
    return None


@invariant(14)
def the_revision_never_falls_and_old_decisions_never_count(before: Moment, after: Moment) -> str | None:
    from oppcli.rules.approvals.counting import counts

    for old, new in pairs(before, after):
        if new.revision < old.revision:
            return f"{new.id}: revision {old.revision} → {new.revision}"
    for request in after.world.requests:
        if any(d.revision < request.revision and counts(request, d) for d in request.decisions):
            return f"{request.id}: an old decision counts"
    return None


@invariant(15)
def a_step_that_was_never_paused_is_due_after_exactly_its_sla(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        for step in request.steps:
            running = request.state == "pending" and step.state == "open" and step.breached_at is None
            if not running or step.resumed_at != step.opened_at or step.opened_at is None or step.due_at is None:
                continue
            calendar = after.world.policy.calendars[step.calendar]
            if clock.add(calendar, step.opened_at, step.sla_ms) != step.due_at:
                return f"{request.id} {step.name}: due moved"
    return None


@invariant(16)
def nothing_is_due_while_returned(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        if request.state == "returned" and any(s.state == "open" and s.due_at is not None for s in request.steps):
            return f"{request.id} has a due time"
    return None


@invariant(17)
def a_breach_is_never_taken_back(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        was = {(s.revision, s.position): s.breached_at for s in old.steps if s.breached_at is not None}
        now = {(s.revision, s.position): s.breached_at for s in new.steps}
        if any(now.get(key) != value for key, value in was.items()):
            return f"{new.id}: {was} → {now}"
    return None


@invariant(18)
def an_escalation_level_fires_once(before: Moment, after: Moment) -> str | None:
    fired = Counter((number, revision, e.step) for number, revision, e in after.log if e.verb == "escalate")
    for (number, revision, name), times in fired.items():
        request = after.requests[number]
        step = next(s for s in request.steps if (s.revision, s.name) == (revision, name))
        rules = after.world.frozen.get(request.policy, after.world.policy).types[request.type].steps
        levels = next((len(rule.escalate) for rule in rules if rule.name == (step.like or step.name)), times)
        if times > levels or (step.level != times):
            return f"{number} {name}: {times} of {levels} levels, marked {step.level}"
    return None


@invariant(19)
def a_second_tick_at_the_same_instant_writes_nothing(before: Moment, after: Moment) -> str | None:
    if after.verb != "tick":
        return None
    for request in after.world.requests:
        again = tick(request, after.world)
        if again.request != request or again.notices or again.events:
            return f"{request.id}: {again.events}"
    return None


@invariant(20)
def a_gate_that_was_passed_had_everything_approved_and_valid(before: Moment, after: Moment) -> str | None:
    if after.verb != "advance" or after.refused:
        return None
    world = after.world
    for name in world.policy.gates.get(world.deal.stage, ()):
        rule, facts = world.policy.types[name], world.facts(world.policy)
        asked = [s for s in rule.steps if conditions.holds(s.when, facts)] if conditions.holds(rule.when, facts) else []
        if asked and not any(r.type == name and r.state == "approved" and valid(world, r) for r in world.requests):
            return f"{name} was not approved"
    return None


def valid(world: World, request: Request) -> bool:
    return (request.valid_until is None or world.now <= request.valid_until) and covered(world, request)


def covered(world: World, request: Request, *, exactly: bool = False) -> bool:
    """The deal's figures are those of the snapshot and what was agreed since, or within tolerance of them."""
    rule = world.frozen.get(request.policy, world.policy).types[request.type]
    revision = next(r for r in request.revisions if r.number == request.revision)
    shown = {**revision.snapshot, **revision.agreed}
    stored = {"amount": (world.deal.amount, 100), "discount": (world.deal.discount, 10_000)}
    for name in rule.material:
        value, unit = stored[name]
        if value is None or shown[name] is None:
            if value is not None or shown[name] is not None:
                return False
            continue
        old, new = Decimal(shown[name]), Decimal(value) / unit
        allowed = rule.tolerance[name].share or Decimal(0) if name in rule.tolerance else Decimal(0)
        allowed = Decimal(0) if exactly else allowed
        if abs(new - old) > old * allowed:
            return False
    return True


@invariant(21)
def frozen_rules_stay_but_for_a_rebase(before: Moment, after: Moment) -> str | None:
    moved = [new.id for old, new in pairs(before, after) if old.policy != new.policy]
    return f"{moved} changed rules by {after.verb}" if moved and after.verb != "rebase" else None


@invariant(22)
def a_refused_command_changes_nothing(before: Moment, after: Moment) -> str | None:
    same = before.world.requests == after.world.requests and before.world.deal == after.world.deal
    return None if same or not after.refused else f"{after.verb} was refused and changed something"


@invariant(23)
def a_closed_deal_has_nothing_pending(before: Moment, after: Moment) -> str | None:
    stage = after.world.policy.stage(after.world.deal.stage)
    closed = stage is not None and stage.kind in ("won", "lost")
    live = [r.id for r in after.world.requests if r.state in LIVE]
    return f"{live} wait for a closed deal" if closed and live else None


@invariant(24)
def a_vote_for_somebody_lies_inside_a_delegation_of_that_pair(before: Moment, after: Moment) -> str | None:
    for request, made in new_decisions(before, after):
        if made.on_behalf_of is None or made.refers_to is not None:  # what is taken back is no vote
            continue
        windows = [d for d in after.world.delegations if (d.frm, d.to) == (made.on_behalf_of, made.actor)]
        if not any(d.starts_at <= made.at < d.ends_at for d in windows):
            return f"{request.id}: {made.actor} for {made.on_behalf_of}"
    return None


@invariant(25)
def a_request_is_approved_once(before: Moment, after: Moment) -> str | None:
    times = Counter(number for number, _, e in after.log if e.verb in ("request", "override") and e.now == "approved")
    return next((f"{number}: {n} times" for number, n in times.items() if n > 1), None)


@invariant(26)
def an_automatic_vote_repeats_a_personal_one_of_the_group_before(before: Moment, after: Moment) -> str | None:
    for request, made in new_decisions(before, after):
        if not made.automatic:
            continue
        groups = {s.position: s.group for s in request.steps if s.revision == made.revision}
        earlier = [d for d in request.decisions if d.number < made.number and d.revision == made.revision]
        own = [d for d in earlier if (d.actor, d.verdict, d.on_behalf_of) == (made.actor, "approve", None)]
        every = after.world.frozen.get(request.policy, after.world.policy).sod.repeat == "all"
        last = max((g for g in groups.values() if g < groups[made.step]), default=0)
        near = [d for d in own if not d.automatic and (every or groups[d.step] == last)]
        if made.refers_to not in {d.number for d in near}:
            return f"{request.id}: decision {made.number}"
    return None


@invariant(27)
def rejected_means_one_rejected_step_with_a_rejection_or_a_timeout(before: Moment, after: Moment) -> str | None:
    timeouts = {(number, e.step) for number, _, e in after.log if e.verb == "timeout"}
    for request in after.world.requests:
        if request.state != "rejected":
            continue
        lost = [step for step in plan(request) if step.state == "rejected"]
        if len(lost) != 1:
            return f"{request.id}: {len(lost)} rejected steps"
        against = [d for d in counting(request) if d.verdict == "reject" and d.step == lost[0].position]
        if not against and (request.id, lost[0].name) not in timeouts:
            return f"{request.id}: nobody rejected {lost[0].name}"
    return None


@invariant(28)
def invalidated_means_it_was_approved(before: Moment, after: Moment) -> str | None:
    given = {number for number, _, e in after.log if e.verb in ("request", "override") and e.now == "approved"}
    lost = [r.id for r in after.world.requests if r.state == "invalidated" and r.id not in given]
    return f"{lost} were never approved" if lost else None


@invariant(29)
def an_approval_covers_the_facts_of_now(before: Moment, after: Moment) -> str | None:
    bare = [r.id for r in after.world.requests if r.state == "approved" and not covered(after.world, r)]
    return f"{bare} do not cover the facts" if bare else None


@invariant(30)
def time_used_and_time_left_make_the_sla(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        for step in request.steps:
            if step.remaining_ms is not None and step.used_ms + step.remaining_ms != step.sla_ms:
                return f"{request.id} {step.name}: {step.used_ms} + {step.remaining_ms} of {step.sla_ms}"
    return None


@invariant(31)
def an_approved_step_satisfies_its_rule_on_its_votes(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        for step in plan(request):
            votes = {d.seat: d.verdict for d in counting(request) if d.step == step.position}
            if step.state == "approved" and not satisfied(step, votes):
                return f"{request.id} {step.name}: {step.rule} {votes}"
    return None


def satisfied(step: Step, votes: dict[int, str]) -> bool:
    yes = [number for number, verdict in votes.items() if verdict == "approve"]
    if step.rule == "any":
        return len(yes) == 1 and len(votes) == 1
    if step.rule == "all":
        return sorted(yes) == sorted(seat.number for seat in step.seats)
    special = {seat.number for seat in step.seats if seat.veto or seat.must}
    required = {seat.number for seat in step.seats if seat.must}
    against = {number for number, verdict in votes.items() if verdict == "reject"}
    return len(yes) >= step.need and not against & special and required <= set(yes)


@invariant(32)
def what_a_revision_showed_never_changes(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        shown = [revision.snapshot for revision in new.revisions]
        if shown[: len(old.revisions)] != [revision.snapshot for revision in old.revisions]:
            return f"{new.id}: a snapshot changed"
    return None


@invariant(36)
def no_move_past_a_term_that_is_open_or_false(before: Moment, after: Moment) -> str | None:
    if after.verb != "advance" or after.refused:
        return None
    names = [stage.name for stage in after.world.policy.stages]
    for request in before.world.requests:
        if request.state not in ("pending", "approved"):
            continue
        for term in request.terms:
            reached = names.index(term.before) <= names.index(after.world.deal.stage)
            standing = term.decision in {d.number for d in counting(request)}
            if reached and standing and waits(before.world, request, term):
                return f"{request.id}: condition {term.number}"
    return None


def waits(world: World, request: Request, term: Term) -> bool:
    """Open; or of one with a test that nobody waived, the test is false."""
    if term.test is None:
        return term.state == "open"
    facts = world.facts(world.frozen.get(request.policy, world.policy))
    return term.state not in ("waived", "lapsed") and not conditions.decided(conditions.unchecked(term.test), facts)


@invariant(37)
def a_term_leaves_open_once(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        both = list(zip(old.terms, new.terms, strict=False))
        if len(both) < len(old.terms) or any(was.state != "open" and was != now for was, now in both):
            return f"{new.id}: {old.terms} → {new.terms}"
    return None


@invariant(39)
def an_open_term_belongs_to_a_yes_that_counts(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        yes = {d.number for d in counting(request) if d.verdict == "approve"}
        ended = request.state not in (*LIVE, "approved")
        lost = [t.number for t in request.terms if t.state == "open" and (ended or t.decision not in yes)]
        if lost:
            return f"{request.id} is {request.state}: conditions {lost}"
    return None


@invariant(38)
def what_was_agreed_since_is_what_a_term_asked_for(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        if old.revision != new.revision:
            continue
        was, now = (next(r for r in each.revisions if r.number == each.revision).agreed for each in (old, new))
        changed = {name for name in {*was, *now} if was.get(name) != now.get(name)}
        tests = [conditions.unchecked(t.test) for t in old.terms if t.test is not None and t.state == "open"]
        facts = after.world.facts(after.world.frozen.get(new.policy, after.world.policy))
        asked = [test for test in tests if conditions.reads(test) & changed]
        covered = frozenset().union(*(conditions.reads(test) for test in asked))
        if changed and changed <= may_fill(after, old):
            continue
        if changed - covered or not all(conditions.decided(test, facts) for test in asked):
            return f"{new.id}: {changed}"
    return None


@invariant(40)
def no_vote_in_a_redone_step_counts(before: Moment, after: Moment) -> str | None:
    from oppcli.rules.approvals.counting import counts

    for request in after.world.requests:
        redone = {(s.revision, s.position) for s in request.steps if s.state == "redone"}
        wrong = [d.number for d in request.decisions if (d.revision, d.step) in redone and counts(request, d)]
        held = [s.name for s in request.steps if s.state == "redone" and any(x.state == "open" for x in s.seats)]
        names = {s.name for s in request.steps if s.state == "redone" and s.revision == request.revision}
        again = {(s.revision, s.position) for s in plan(request) if s.name in names}
        repeated = [d.number for d in request.decisions if d.automatic and (d.revision, d.step) in again]
        if wrong or held or repeated:
            return f"{request.id}: {wrong} count, {held} open, {repeated} repeated"
    return None


def may_fill(moment: Moment, request: Request) -> set[str]:
    """What somebody who holds an open seat, or stands in for one who does, may fill in."""
    rules = moment.world.frozen.get(request.policy, moment.world.policy).types[request.type].steps
    found: set[str] = set()
    for step in plan(request):
        names = {name for rule in rules if rule.name == (step.like or step.name) for name in rule.fills}
        people = {h.login for seat in step.seats if seat.state == "open" for h in seat.holders}
        people |= {d.to for d in moment.world.delegations if d.to and d.frm in people}
        people |= {login for role in ("finance", "tech") for login in moment.world.members(role)}
        found |= names if step.state == "open" and moment.actor in people else set()
    return found


@invariant(43)
def who_was_chosen_decides(before: Moment, after: Moment) -> str | None:
    """A step opens with who was chosen for it and is in the role, and with nobody else of that role."""
    old = before.requests
    for number, request in after.requests.items():
        was = {(s.revision, s.position): s for s in old[number].steps} if number in old else {}
        for step in plan(request):
            earlier = was.get((step.revision, step.position))
            terms = [term.removeprefix("chosen:role:") for term in step.who if term.startswith("chosen:")]
            opened = step.seats and not (earlier and earlier.seats)
            wanted = request.chosen.get(step.name, ())
            if not terms or not opened or len(step.who) > 1 or not wanted:
                continue
            may = {login for login in wanted if login in after.world.members(terms[0])}
            seated = {h.login for seat in step.seats for h in seat.holders if h.how == "policy"}
            if may and seated - may:
                return f"{number} {step.name}: {seated} and not {may}"
    return None


@invariant(41)
def a_request_goes_back_no_more_often_than_it_may(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        most = after.world.frozen.get(new.policy, after.world.policy).types[new.type].max_rounds
        back = (old.state, new.state) == ("pending", "returned")
        if new.rounds != old.rounds + back or (back and most is not None and new.rounds > most):
            return f"{new.id}: {old.rounds} rounds → {new.rounds} of {most}"
    return None


@invariant(47)
def a_skipped_step_is_one_whose_condition_is_false_of_the_snapshot(before: Moment, after: Moment) -> str | None:
    from oppcli.rules.approvals.figures import facts_shown

    for request in after.world.requests:
        if any(each.why == "rebased" for each in request.revisions):
            continue
        policy = after.world.frozen.get(request.policy, after.world.policy)
        for revision in request.revisions:
            facts = facts_shown(revision.snapshot, policy)
            asked = {s.name for s in request.steps if s.revision == revision.number}
            for name, text in revision.skipped.items():
                if name in asked or conditions.decided(conditions.unchecked(text), facts) is not False:
                    return f"{request.id} revision {revision.number}: {name}"
    return None


@invariant(48)
def what_is_locked_once_approved_is_what_was_shown(before: Moment, after: Moment) -> str | None:
    for request in after.world.requests:
        rule = after.world.frozen.get(request.policy, after.world.policy).types[request.type]
        exact = request.state == "approved" and "approved" in rule.lock
        if exact and not covered(after.world, request, exactly=True):
            return f"{request.id} is locked and the facts are others"
    return None


@invariant(52)
def nothing_is_moved_beside_a_request_that_holds_it(before: Moment, after: Moment) -> str | None:
    if after.verb != "advance" or after.refused:
        return None
    rules = {r.id: after.world.frozen.get(r.policy, after.world.policy).types[r.type] for r in before.world.requests}
    held = [r.id for r in before.world.requests if r.state in LIVE and "moves" in rules[r.id].lock]
    return f"{held} hold it" if held else None


@invariant(44)
def no_vote_repeats_into_or_from_what_was_added(before: Moment, after: Moment) -> str | None:
    for request, made in new_decisions(before, after):
        if not made.automatic:
            continue
        source = next(d for d in request.decisions if d.number == made.refers_to)
        for decision in (source, made):
            where = next(s for s in request.steps if (s.revision, s.position) == (decision.revision, decision.step))
            chair = next(seat for seat in where.seats if seat.number == decision.seat)
            if where.added_by or chair.added_by:
                return f"{request.id}: decision {made.number} of {made.actor}"
    return None


@invariant(45)
def questions_are_asked_and_answered_in_live_requests_only(before: Moment, after: Moment) -> str | None:
    old = before.requests
    for number, new in after.requests.items():
        known = old[number].questions if number in old else ()
        if new.questions == known:
            continue
        if number not in old or old[number].state not in LIVE:
            return f"{number} is {new.state}: {new.questions}"
        if any(was.answered_at is not None and was != now for was, now in zip(known, new.questions, strict=False)):
            return f"{number}: an answer changed"
    over = [r.id for r in after.world.requests if r.asking and r.state not in LIVE]
    return f"{over} are over and still ask" if over else None


def chairs(step: Step) -> dict[int, set[str]]:
    return {seat.number: {h.login for h in seat.holders} for seat in step.seats if seat.state == "open"}


@invariant(50)
def who_loses_a_seat_gets_no_other_one_of_the_step(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        was = {(s.revision, s.position): chairs(s) for s in old.steps if s.state == "open"}
        for step in new.steps:
            held, now = was.get((step.revision, step.position), {}), chairs(step)
            if step.state != "open":
                continue
            lost = {login for number, people in held.items() for login in people - now.get(number, people)}
            won = {login for number, people in now.items() for login in people - held.get(number, set())}
            if lost & won:
                return f"{new.id} {step.name}: {lost & won}"
    return None


@invariant(51)
def who_stood_aside_does_not_come_back(before: Moment, after: Moment) -> str | None:
    aside = {
        (number, revision, event.step, event.actor) for number, revision, event in after.log if event.verb == "recuse"
    }
    for request in after.world.requests:
        for step in request.steps:
            people = {login for number in chairs(step).values() for login in number}
            back = [who for who in people if (request.id, step.revision, step.name, who) in aside]
            if step.state == "open" and back:
                return f"{request.id} {step.name}: {back}"
    return None


def guaranteed(step: Step, role: str) -> bool:
    """Whether by its rule no yes but one of this role can pass the step."""
    term = f"role:{role}"
    if step.rule == "any":
        return set(step.who) == {term}
    return term in (step.who if step.rule == "all" else step.must)


@invariant(61)
def a_guaranteed_step_passes_with_a_yes_of_somebody_who_carried_the_role(before: Moment, after: Moment) -> str | None:
    for old, new in pairs(before, after):
        was = {(s.revision, s.position): s.state for s in old.steps}
        rule = after.world.frozen.get(new.policy, after.world.policy).types[new.type]
        for step in plan(new):
            passed = step.state == "approved" and was.get((step.revision, step.position)) != "approved"
            for role in (term.removeprefix("role:") for term in rule.require):
                yes = [d for d in counting(new) if d.step == step.position and d.verdict == "approve"]
                if (
                    passed
                    and guaranteed(step, role)
                    and not any((new.id, d.number, role) in after.carried for d in yes)
                ):
                    return f"{new.id} {step.name}: {role}"
    return None
