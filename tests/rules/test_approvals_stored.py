"""The same walks through the store: what is stored is what the rules returned, and what the journal replays to."""

import atexit
import json
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from approval_checks import Moment
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize
from requests_made import STAGES, TEAM, deal, world
from test_approvals_machine import Approvals, policies

from oppcli import store
from oppcli.actions.requests.keeping import keep
from oppcli.model.deals import Stage
from oppcli.model.journal import Stamp
from oppcli.model.policy import Policy
from oppcli.model.requests import Request
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World
from oppcli.store import journal
from oppcli.store.changes import apply, plain
from oppcli.store.mapping import shape_of

SHAPE = shape_of(Request)


@cache
def template() -> Path:
    """A database with what requests refer to: stages, people (in no order, so without their managers), one deal."""
    path = Path(tempfile.mkdtemp(prefix="opp-walks-")) / "opp.db"
    atexit.register(shutil.rmtree, path.parent)
    store.create(str(path))
    with store.open_write(str(path), Stamp(actor="root", now=0)) as door:
        for number, rule in enumerate(STAGES):
            door.add(Stage(name=rule.name, kind=rule.kind, position=number))
        for user in TEAM:
            door.add(replace(user, manager=None))
        door.add(deal())
    return path


class StoredApprovals(Approvals):
    """After every command the requests are kept, read back, and rebuilt from the journal alone."""

    @initialize(rules=policies("p0"))
    def begin(self, rules: Policy) -> None:
        self.url = str(template().with_name("walk.db"))
        shutil.copy(template(), self.url)
        self.before = self.after = Moment(world(rules)._replace(frozen={rules.hash: rules}))

    def teardown(self) -> None:
        with store.open_read(self.url) as door:
            assert journal.verify(door.rows(journal.SELECT)).fault is None

    def happened(self, verb: str, actor: str, world: World, done: list[Transition], refused: bool = False) -> None:
        known = self.after.requests
        saved = []
        with store.open_write(self.url, Stamp(actor=actor or "system", now=world.now, command=verb)) as door:
            for each in done:
                before = known.get(each.request.id)
                if before is None:
                    saved.append(each._replace(request=door.add(each.request, action=verb)))
                else:
                    saved.append(each._replace(request=keep(door, before, each, world, verb)))
        super().happened(verb, actor, world, saved, refused)
        self.compare()

    def compare(self) -> None:
        with store.open_read(self.url) as door:
            stored = {request.id: request for request in door.find(Request)}
            entries = door.rows("SELECT noun_id, changes FROM journal WHERE noun = 'request' ORDER BY seq")
        assert stored == self.after.requests
        replayed: dict[int, dict[str, Any]] = {}
        for number, changes in entries:
            apply(SHAPE, replayed.setdefault(int(number), {}), json.loads(changes))
        assert replayed == {number: json.loads(json.dumps(plain(SHAPE, request))) for number, request in stored.items()}


StoredApprovals.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoredApprovals = StoredApprovals.TestCase
