"""What happens in the demo, as stories: a deal's way through the gates, a decision that waits, leave, a resignation."""

from oppcli.actions.demo.days import Story, hours
from oppcli.actions.demo.scripts import LOST, STALLS, Script
from oppcli.actions.demo.selling import Selling
from oppcli.actions.demo.team import Team
from oppcli.errors import Reason
from oppcli.model.policy import StageRule
from oppcli.model.requests import APPROVE, OPEN, PENDING, REJECT, REJECTED, RETURN, RETURNED, Request, Seat, Step
from oppcli.model.units import HOUR_MS

APPROVAL = "approval "
"""How a refusal names a missing approval: `approval quote`."""
HAGGLING = 4
"""Position of the stage in which a customer asks for more discount than was approved."""
_Place = tuple[int, int, int, int]
"""Request, revision, step, seat."""


class Stories:
    """The stories, and who of them waits for which decision."""

    def __init__(self, team: Team) -> None:
        self.team, self.words = team, team.cast.words
        self.selling = Selling(team)
        self._scripts: dict[int, Script] = {}
        self._expected: set[_Place] = set()
        """Seats whose decision is on its way."""
        self._set_back: set[int] = set()
        """Deals that met their setback."""

    # ---------- a deal ----------

    def deal(self, script: Script) -> Story:
        """From the first contact to its end, or to where it is today."""
        key = self.team.capture(script)
        self._scripts[key] = script
        self.team.days.now(self.selling.in_touch(key, script))
        yield hours(script.random.random())
        self.team.edit(key, expected_close=self.team.today(script.random.randint(40, 110)))
        for position, stage in enumerate(self.team.policy.pipeline):
            yield _stay(script, stage)
            if position == script.until and script.fate == STALLS:
                return
            if position == script.until and script.fate == LOST:
                yield from self._lost(key, script, stage)
                return
            if position == HAGGLING and script.setback == "haggle":
                self._haggle(key, script)
            yield from self._through(key, script)
        self.team.days.now(self.selling.won(key, script))

    def _lost(self, key: int, script: Script, stage: StageRule) -> Story:
        random = script.random
        reason, detail = random.choice(self.words["unfit" if stage.kind == "lead" else "lost"])
        rival = random.choice(self.words["competitors"]) if stage.kind == OPEN else None
        self.team.lose(key, reason, detail, rival)
        if stage.kind == OPEN and random.random() < 0.2:
            yield hours(60)
            self.team.reopen(key, self.words["reopened"])

    def _haggle(self, key: int, script: Script) -> None:
        """More discount than the approvers saw: what they approved no longer holds."""
        discount = int(script.values["discount"]) + 4
        self.team.edit(key, amount=str(script.amount * 96 // 100), discount=str(discount))

    def _through(self, key: int, script: Script) -> Story:
        """Whatever the gate asks for, until it lets the deal pass. Some push before they read what the door says."""
        passed = script.random.random() < 0.3 and self.team.advance(key)
        while not passed:
            reasons = self.team.missing(key)
            if not reasons:
                passed = self.team.advance(key)
                continue
            yield from self._supply(key, script, reasons)
            for reason in reasons:
                if reason.what.startswith(APPROVAL):
                    yield from self._ask(key, script, reason.what.removeprefix(APPROVAL))
            yield hours(0.5)
            while self.team.waits(key):
                yield hours(0.5 if script.quick else 4)
        if self.team.live(self.team.deal(key)) and not script.quick:
            step, days = script.random.choice(self.words["next_steps"]), script.random.randint(3, 14)
            self.team.plan(key, step, days)

    def _supply(self, key: int, script: Script, reasons: tuple[Reason, ...]) -> Story:
        """Every field and file among the things that are missing."""
        fields = [reason.what for reason in reasons if reason.what in script.values]
        if fields:
            self.team.edit(key, **{name: script.values[name] for name in fields})
        for kind in [reason.what[5:] for reason in reasons if reason.what.startswith("file:")]:
            yield hours(0.1)
            self.team.attach(key, kind)
        for request in self.team.pending(key):
            # Facts that others were deciding on may have changed: they are asked again.
            self.expect(request)

    # ---------- approvals ----------

    def _ask(self, key: int, script: Script, name: str) -> Story:
        """Submit for approval, again where it was refused or no longer holds, or wait."""
        state = self.team.state_of(key, name)
        if state.passes or state.state == PENDING:
            return
        if state.request is not None:
            yield hours(1 if script.quick else 2 + 6 * script.random.random())
        if state.state == RETURNED:
            self.expect(self.team.resubmit(state.request or 0, script.random.choice(self.words["again"])))
            return
        if state.state == REJECTED:
            values = script.values
            self.team.edit(key, discount=str(int(values["discount"]) // 2), margin=str(int(values["margin"]) + 3))
        yield from self._supply(key, script, state.reasons)
        note = script.random.choice(self.words["again"]) if state.request is not None else None
        self.expect(self.team.submit(key, name, note))

    def expect(self, request: Request | None) -> None:
        """Somebody will decide, for each seat that is open now, in their own time."""
        if request is None:
            return
        for step in request.open_steps:
            for seat in step.seats:
                place = (request.id, step.revision, step.position, seat.number)
                due = seat.state == OPEN and seat.holders and place not in self._expected
                if due and not self._stuck(request, step):
                    self._expected.add(place)
                    self.team.days.now(self._decision(place, request, seat))

    def _stuck(self, request: Request, step: Step) -> bool:
        last = max(other.position for other in request.plan)
        return self._scripts[request.deal_id].stuck == request.type and step.position == last

    def _decision(self, place: _Place, asked: Request, seat: Seat) -> Story:
        """One of the holders gets round to it, unless it was decided meanwhile."""
        script = self._scripts[asked.deal_id]
        login = script.random.choice(seat.holders).login
        usual = self.team.hours[login]
        yield hours(0.5 if script.quick else 0.2 + script.random.expovariate(1 / usual))
        self._expected.discard(place)
        request = self.team.request(asked.id)
        step = next((step for step in request.open_steps if (step.revision, step.position) == place[1:3]), None)
        now = next((seat for seat in step.seats if seat.number == place[3]), None) if step else None
        if step and now and request.state == PENDING and now.state == OPEN:
            if login not in (holder.login for holder in now.holders):
                login = now.holders[0].login
            verdict, reason = self._verdict(script, request)
            self.expect(self.team.decide(request, login, verdict, reason, step.name))

    def _verdict(self, script: Script, request: Request) -> tuple[str, str]:
        """Yes, but for the setback the script has in store; that one comes after the deal's first request."""
        key, random = request.deal_id, script.random
        if (
            script.setback in (REJECT, RETURN)
            and key not in self._set_back
            and request.type not in self.team.first_gate
        ):
            self._set_back.add(key)
            words = self.words["rejections" if script.setback == REJECT else "returns"]
            return script.setback, random.choice(words)
        return APPROVE, random.choice(self.words["agreed"])

    # ---------- everybody ----------

    def nightly(self) -> Story:
        """The run that a cron job would do."""
        while True:
            self.team.tick()
            yield hours(8)

    def leave(self) -> Story:
        """The managers are on leave one after the other, and decide for each other."""
        first, second = self.team.cast.managers[:2]
        for login, to in ((second.login, first.login), (first.login, second.login)):
            yield hours(400)
            self.team.leave_for(login, to, 7)

    def resignation(self) -> Story:
        """A seller leaves; a colleague takes over."""
        yield hours(880)
        *_, colleague, leaver = self.team.cast.sellers
        self.team.resign(leaver.login, colleague.login, self.words["handed_over"])


def _stay(script: Script, stage: StageRule) -> int:
    """The work in a stage: around its target, now and then far beyond."""
    target = stage.target_ms or 24 * HOUR_MS
    return hours(1) if script.quick else int(target * script.random.lognormvariate(-0.35, 0.7))
