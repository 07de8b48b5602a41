"""How versions of a quote follow one another, what stands out in them, and which price is in force."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from oppcli.errors import Conflict, Refused
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.quotes import ONE, Line, Price, Quote, QuoteVersion
from oppcli.model.quoting import GROSS, Quoting
from oppcli.rules.quotes import checks, versions
from oppcli.rules.quotes.figures import Figures, figures
from oppcli.rules.quotes.prices import in_force, no_price, of_day, problems, stale

SPINDLE = Line(position=1, sku="P-100", item="Spindle", qty=2 * ONE, list=680_000_000, discount=100_000, tax=130_000)
DAY = "2026-03-02"


def version(**told: Any) -> QuoteVersion:
    return versions.following(None, None, DAY, 7, "wang", currency="CNY", **told)


def quote(**told: Any) -> Quote:
    blank = Quote(id=142, deal_id=142)
    return versions.with_version(blank, version(lines=(SPINDLE,), valid_until="2026-04-01", **told))


def codes(one: QuoteVersion, today: str = DAY, quoting: Quoting = Quoting(), stale: tuple[int, ...] = ()) -> list[str]:
    found = checks.checks(one, _come_to(one), stale, quoting, today)
    return [each.code + ("!" if each.stops else "") for each in found]


def _come_to(one: QuoteVersion) -> Figures:
    return figures(one.lines, one.currency, "net")


def test_the_first_version_is_in_effect_at_once_and_the_next_is_a_draft() -> None:
    first = quote()
    assert first.in_effect == first.versions[0] and first.draft is None
    second = versions.with_version(
        first, versions.following(first, first.in_effect, "2026-03-05", 9, "li", currency="CNY")
    )
    assert (second.draft and second.draft.number, second.in_effect and second.in_effect.number) == (2, 1)
    assert versions.to_edit(second) == second.draft and versions.to_edit(first) == first.in_effect


def test_the_next_version_has_the_same_lines_and_is_valid_for_as_long() -> None:
    first = quote()
    after = versions.following(first, first.in_effect, "2026-03-05", 9, "li", currency="CNY")
    assert (after.lines, after.valid_until, after.frozen_at) == ((SPINDLE,), "2026-04-04", None)


def test_a_draft_that_is_used_replaces_what_was_in_effect() -> None:
    first = versions.frozen(quote(), 8)
    both = versions.with_version(
        first, versions.following(first, first.in_effect, "2026-03-05", 9, "li", currency="CNY")
    )
    after = versions.used(both, 10)
    assert [versions.state(after, each, DAY) for each in after.versions] == ["replaced", "in_effect"]
    with pytest.raises(Conflict, match="Q-142 has no draft"):
        versions.used(after, 11)


def test_a_draft_without_a_line_is_not_used() -> None:
    first = quote()
    both = versions.with_version(
        first, versions.following(first, first.in_effect, DAY, 9, "li", currency="CNY", lines=())
    )
    with pytest.raises(Refused, match=r"Q-142\.2 cannot be used yet"):
        versions.used(both, 10)


def test_the_hash_is_that_of_what_is_said_and_not_of_when_or_by_whom() -> None:
    first = quote().versions[0]
    assert first.hash == versions.content(first)
    assert versions.content(replace(first, number=9, opened_on="2026-01-01", opened_by="li", frozen_at=3)) == first.hash
    others: list[dict[str, Any]] = [
        {"terms": "x"},
        {"valid_until": None},
        {"lines": (replace(SPINDLE, cost=1),)},
        {"currency": "EUR"},
    ]
    assert first.hash not in {versions.content(replace(first, **other)) for other in others}


@pytest.mark.parametrize(
    ("told", "today", "approved", "state"),
    [
        ({}, "2026-04-01", False, "in_effect"),
        ({}, "2026-04-01", True, "approved"),
        ({}, "2026-04-02", True, "expired"),
        ({"sent": ({"at": 1},)}, "2026-04-01", True, "sent"),
        ({"sent": ({"at": 1},)}, "2026-04-02", True, "expired"),
        ({"accepted_on": "2026-04-01"}, "2027-01-01", False, "accepted"),
    ],
)
def test_a_version_has_one_state_of_a_day(told: dict[str, Any], today: str, approved: bool, state: str) -> None:
    made = versions.with_version(quote(), replace(quote().versions[0], **told))
    assert versions.state(made, made.versions[0], today, approved=approved) == state


def test_the_deal_is_written_what_the_version_comes_to_within_its_limits() -> None:
    deal, one = Deal(id=142, title="x", stage="Lead"), quote().versions[0]
    after = versions.written(deal, one, _come_to(one), Quoting())
    assert (after.amount, after.discount, after.margin) == (12_240_000, 100_000, None)
    assert versions.written(deal, one, _come_to(one), Quoting(amount=GROSS)).amount == 13_831_200
    dear = replace(one, lines=(replace(SPINDLE, discount=None, price=700_000_000, cost=10**12),))
    after = versions.written(deal, dear, _come_to(dear), Quoting())
    assert (after.discount, after.margin) == (0, -10_000_000)
    assert versions.written(after, replace(one, lines=()), _come_to(one), Quoting()).amount is None


# --- what stands out ---------------------------------------------------------------------------------------------


def test_every_check_is_told_with_its_lines_and_only_some_of_them_stop() -> None:
    odd = Line(position=2, item="odd", price=5, floor=None, tax=90_000)
    one = version(lines=(replace(SPINDLE, floor=680_000_000), odd), valid_until="2026-04-01")
    quoting = Quoting(taxes=(130_000, 60_000), max_valid_days=20, strict=("Q2",))
    assert codes(one, "2026-05-01", quoting, (1,)) == ["Q1", "Q2!", "Q3", "Q4", "Q5!", "Q6!", "Q7!"]
    assert codes(one) == ["Q1", "Q2", "Q3"]
    found = checks.checks(one, _come_to(one), (), quoting, DAY)
    assert [each.lines for each in found] == [(1,), (1, 2), (2,), (), (2,)]
    told = checks.reasons("D-142", found, one)
    assert [str(each.what) for each in told] == ["quote Q2 lines 1, 2", "quote Q6", "quote Q7 line 2"]
    assert str(told[0].fix) == "opp price set P-100 --cost …"
    assert str(told[2].fix) == "opp quote line D-142 2 --tax …"


def test_the_last_day_of_its_validity_is_included_and_what_was_accepted_never_expires() -> None:
    one = version(valid_until="2026-04-01")
    assert [checks.expired(one, day) for day in ("2026-04-01", "2026-04-02")] == [False, True]
    assert not checks.expired(replace(one, accepted_on="2026-03-30"), "2027-01-01")
    assert not checks.expired(replace(one, valid_until=None), "2027-01-01")


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({}, 0),
        ({"price": -1, "discount": None, "sku": None, "list": None, "qty": ONE}, 0),
        ({"price": -1, "discount": None}, 1),
        ({"price": 5}, 1),
        ({"discount": None}, 1),
        ({"qty": 0}, 1),
        ({"discount": 1_000_001}, 1),
        ({"list": None}, 1),
        ({"item": " ", "qty": -1, "tax": -1}, 3),
    ],
)
def test_everything_that_is_wrong_with_a_line_is_told_at_once(told: dict[str, Any], faults: int) -> None:
    assert len(versions.problems(replace(SPINDLE, **told))) == faults


# --- the price list ----------------------------------------------------------------------------------------------


def price(number: int, **told: Any) -> Price:
    return Price(**{"id": number, "sku": "P", "name": "p", "list": number, "from_on": "2026-01-01"} | told)  # type: ignore[arg-type]


def test_the_price_that_began_last_is_in_force_until_its_last_day() -> None:
    known = [price(1), price(2, from_on="2026-03-01", to_on="2026-03-31"), price(3, from_on="2026-06-01")]
    days = ("2025-12-31", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01", "2026-06-01")
    found = [in_force(known, "P", "CNY", day) for day in days]
    assert [each and each.id for each in found] == [None, 1, 2, 2, 1, 3]


def test_the_prices_of_a_day_are_one_of_each_thing_and_currency() -> None:
    known = [
        price(1),
        price(2, from_on="2026-03-01"),
        price(3, currency="EUR"),
        price(4, sku="Q", standing="withdrawn"),
    ]
    assert {key: each.id for key, each in of_day(known, DAY).items()} == {("P", "CNY"): 2, ("P", "EUR"): 3}


def test_a_line_is_stale_by_the_price_of_the_day_in_the_currency_of_its_version() -> None:
    one = version(lines=(replace(SPINDLE, sku="P", list=10_000, floor=None, cost=None),))
    same, dearer = price(1, list=10_000), price(2, list=20_000, from_on="2026-03-03")
    assert stale(one, [same, price(3, list=5, currency="EUR"), dearer], DAY) == ()
    assert stale(one, [same, dearer], "2026-03-03") == (1,)


def test_a_price_that_is_over_is_none_and_says_why() -> None:
    line = replace(SPINDLE, sku="P")
    assert in_force([price(1, to_on="2026-02-01")], "P", "CNY", DAY) is None
    told = [
        no_price(known, line, "CNY", DAY).detail
        for known in (
            [price(1, to_on="2026-02-01")],
            [price(1, currency="EUR")],
            [price(1, from_on="2026-05-01")],
            [price(1, standing="withdrawn")],
        )
    ]
    assert list(map(str, told)) == [
        "has had no price since 2026-02-01",
        "has a price in EUR only, not in CNY",
        "has a price from 2026-05-01 on only, not on 2026-03-02",
        "is on no price list",
    ]


def test_everything_that_is_wrong_with_a_price_is_told_at_once() -> None:
    assert problems(price(5)) == ()
    wrong = price(5, floor=6, cost=-1, to_on="2025-01-01", tax=2_000_000)
    assert [str(each.what) for each in problems(wrong)] == ["cost", "to", "floor", "tax"]


# --- laws --------------------------------------------------------------------------------------------------------


class Course(RuleBasedStateMachine):
    """A quote that is edited, shown and put into use in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.quote = Quote(id=7, deal_id=7)
        self.shown: dict[int, QuoteVersion] = {}
        self.at = 0

    def _edited(self, **told: Any) -> None:
        self.at += 1
        known = self.quote if self.quote.versions else None
        target = versions.to_edit(known)
        if target is None or target.frozen_at is not None:
            target = versions.following(known, target, DAY, self.at, "li", currency="CNY")
        self.quote = versions.with_version(self.quote, replace(target, **told))

    @rule(price=st.integers(0, 10**9))
    def edit(self, price: int) -> None:
        self._edited(lines=(Line(position=1, item="x", price=price),))

    @rule(text=st.sampled_from(("a", "b")))
    def say(self, text: str) -> None:
        self._edited(terms=text)

    @precondition(lambda self: self.quote.draft is not None and self.quote.draft.lines)
    @rule()
    def use(self) -> None:
        self.at += 1
        self.quote = versions.used(self.quote, self.at)

    @precondition(lambda self: self.quote.in_effect is not None)
    @rule()
    def show(self) -> None:
        self.at += 1
        self.quote = versions.frozen(self.quote, self.at)
        now = self.quote.in_effect
        assert now is not None
        self.shown[now.number] = now

    @invariant()
    def what_was_shown_never_changes(self) -> None:
        kept = {each.number: each for each in self.quote.versions}
        assert {number: kept[number] for number in self.shown} == self.shown

    @invariant()
    def each_version_has_the_hash_of_what_it_says(self) -> None:
        assert [each.hash for each in self.quote.versions] == list(map(versions.content, self.quote.versions))

    @invariant()
    def there_is_one_draft_at_most_and_it_is_the_last(self) -> None:
        drafts = [each for each in self.quote.versions if each.used_at is None]
        assert drafts in ([], list(self.quote.versions[-1:]))
        assert [each.number for each in self.quote.versions] == list(range(1, len(self.quote.versions) + 1))


TestCourse = Course.TestCase
