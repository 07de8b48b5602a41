"""Whatever people type about quotes, approvals and payments, and in whatever order: invariants 36, 38, 39 and 46 of
papers hold after every command, on a file and on a server."""

import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from command_line import InProcess
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from postgres import copied, dropped
from test_quotes import LATER, POLICY, Team

from oppcli import store
from oppcli.actions import owing
from oppcli.model.deals import Deal
from oppcli.model.payments import DUE, Payment
from oppcli.model.quotes import Quote
from oppcli.model.requests import Request
from oppcli.rules.quotes import figures, versions

EITHER = st.sampled_from(("li", "boss"))
OFF = st.sampled_from((0, 5, 15, 16, 20))
LEAST = -1_000_0000
"""The least margin, −1000 %."""
DAYS = ("2026-03-02T09:00:00+08:00", "2026-03-05T09:00:00+08:00", LATER)


class Papers(RuleBasedStateMachine):
    """One deal, its quote, its requests and what is paid; both people type anything."""

    server: str | None = None
    """The address of the server that the database is on; None: a file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="opp-papers-"))
        self.opp = InProcess(self.folder)
        self.database = copied(self.server, "template1") if self.server else None
        if self.server:
            self.opp.env["OPP_DB"] = self.server.format(self.database)
        self.team = Team(self.opp, POLICY + "[payment]\n")
        self.frozen: dict[int, Any] = {}
        self.team("li", "quote set D-1 lines.csv")

    def teardown(self) -> None:
        assert self.opp.ok("db check", user="boss", now=self.team.now).code == 0
        if self.server:
            dropped(self.server, str(self.database))
        shutil.rmtree(self.folder)

    def typed(self, who: str, line: str) -> None:
        """Refused or not: what is typed is never a fault of the program."""
        answer = self.opp(line, user=who, now=self.team.now)
        assert answer.code not in (1, 6), answer.err

    @rule(who=EITHER, off=OFF, number=st.integers(1, 4))
    def line(self, who: str, off: int, number: int) -> None:
        self.typed(who, f"quote line D-1 {number} --discount {off}")

    @rule(price=st.sampled_from(("100", "57000", "0.005", "-3600")), who=EITHER)
    def unlisted(self, price: str, who: str) -> None:
        self.typed(who, f"quote line D-1 --item Work --price {price} --tax 6" + ("" if "-" in price else " --cost 7"))

    @rule(number=st.integers(1, 4))
    def drop(self, number: int) -> None:
        self.typed("li", f"quote line D-1 {number} --drop")

    @rule(
        verb=st.sampled_from(
            ("set D-1 lines.csv", "edit D-1 --reprice", "revise D-1", "revise D-1 --from 1", "use D-1")
        )
    )
    def edit(self, verb: str) -> None:
        self.typed("li", f"quote {verb}")

    @rule(of=st.sampled_from(("68000", "70000", "60000")))
    def reprice(self, of: str) -> None:
        self.typed("boss", f"price set P-100 --list {of} --floor 57000 --cost 41000")

    @rule(
        who=EITHER,
        line=st.sampled_from(
            (
                "submit D-1 quote",
                "submit D-1 quote",
                "approve R-1",
                "approve R-2",
                "approve R-1 --if 'quote.discount <= 16'",
                "approve R-2 --condition 'pay at once'",
                "request met R-2 1",
                "request return R-1 -m no",
                "request resubmit R-1",
                "request revoke R-1 -m no",
            )
        ),
    )
    def approvals(self, who: str, line: str) -> None:
        self.typed(who, line)

    @rule(line=st.sampled_from(("quote send D-1 Q.html", "quote accept D-1", "quote accept D-1 -m late", "undo")))
    def papers(self, line: str) -> None:
        (self.folder / "Q.html").unlink(missing_ok=True)
        self.typed("li", line)

    @rule(line=st.sampled_from(("advance D-1", "advance D-1 --to Offer", "deal win D-1", "gate D-1")))
    def move(self, line: str) -> None:
        self.typed("li", line)

    @rule(
        line=st.sampled_from(
            (
                "payment plan D-1 --part 30%:2026-03-03 --part 60%:2026-03-20 --part rest:2026-12-31",
                "payment plan D-1 --part =50000:2026-03-03 --part rest:2026-04-01",
                "payment received D-1 300000 --on 2026-03-02",
                "payment received D-1 -50000 --on 2026-03-02",
                "payment received D-1 0.01 --on 2026-03-02",
                "payment void Y-1 -m wrong",
                "payment void Y-4 -m wrong",
            )
        )
    )
    def paid(self, line: str) -> None:
        self.typed("boss", line)

    @rule(day=st.sampled_from(DAYS))
    def time(self, day: str) -> None:
        self.team.now = max(self.team.now, day)
        self.typed("boss", "tick")

    @invariant()
    def papers_hold(self) -> None:
        with store.open_read(str(self.opp.env["OPP_DB"] if self.server else self.opp.db)) as door:
            (deal,), quotes = door.find(Deal, id=1), door.find(Quote, id=1)
            requests, payments = door.find(Request), door.find(Payment)
            ledgers = [owing.of_deal(door, 1, day[:10]) for day in DAYS]
        for quote in quotes:
            self.frozen_versions_stay(quote)
            self.the_deal_says_what_the_version_in_effect_comes_to(deal, quote)
        self.what_was_shown_is_a_version(requests, quotes)
        for ledger in ledgers:
            for each in ledger.values():
                assert 0 <= each.overdue <= each.outstanding <= each.planned
        self.what_was_paid_and_is_outstanding_make_the_plan(payments, ledgers[-1])

    def frozen_versions_stay(self, quote: Quote) -> None:
        """38: a frozen version never changes, but for what is done with it."""
        for version in quote.versions:
            if version.frozen_at is None:
                continue
            told = (version.lines, version.currency, version.terms, version.opened_on, version.hash)
            assert self.frozen.setdefault(version.number, told) == told
            assert versions.content(version) == version.hash

    def the_deal_says_what_the_version_in_effect_comes_to(self, deal: Deal, quote: Quote) -> None:
        """39: of the version in effect."""
        version = quote.in_effect
        if version is None or quote.standing != "live" or not version.lines:
            return
        found = figures.figures(version.lines, version.currency, "net")
        discount = None if found.discount is None else max(found.discount, 0)
        margin = None if found.margin is None else max(found.margin, LEAST)
        assert (deal.amount, deal.discount, deal.margin) == (found.net, discount, margin)

    def what_was_shown_is_a_version(self, requests: list[Request], quotes: list[Quote]) -> None:
        """38: what a revision showed is the text of a version that is frozen."""
        known = {version.hash for quote in quotes for version in quote.versions if version.frozen_at is not None}
        shown = {revision.snapshot.get("quote") for request in requests for revision in request.revisions}
        assert {each for each in shown if each} <= known

    def what_was_paid_and_is_outstanding_make_the_plan(self, payments: list[Payment], ledgers: Any) -> None:
        """46: per bucket, what was paid of the plan and what is outstanding make the plan."""
        planned: dict[str, int] = defaultdict(int)
        came: dict[str, int] = defaultdict(int)
        for each in payments:
            if each.voided_at is None and each.deal_id == 1:
                into = planned if each.kind == DUE else came
                into[each.currency] += each.amount if each.kind == DUE or (each.on or "") <= LATER[:10] else 0
        for currency, ledger in ledgers.items():
            paid = min(max(came[currency], 0), planned[currency])
            assert ledger.planned == planned[currency]
            assert paid + ledger.outstanding == planned[currency]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_papers_hold_whatever_is_typed(engine: str, request: pytest.FixtureRequest) -> None:
    server = None if engine == "sqlite" else str(request.getfixturevalue("pg_server"))
    machine = type("Here", (Papers,), {"server": server})
    examples = 16 if engine == "sqlite" else 4
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
