"""Numbers, money and per cents as people type them into a command: what is stored, what is told, what is refused."""

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template blank --lang en")
    opp.ok("add Plant --amount 1000 --currency USD")
    return opp


def kept(team: InProcess, ref: str, *names: str) -> list[object]:
    found = team.ok(f"deal show {ref} --json").json
    return [found[name] for name in names]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("amount=250,000.00", "250000.00"),
        ("amount=US$ 12k", "12000.00"),
        ("amount=1千万", "10000000.00"),
        ("amount=3百万", "3000000.00"),
        ("amount=五十万", "500000.00"),
        ("amount=$8万6千5百", "86500.00"),
        ("amount=1 234 567.5", "1234567.50"),
        ("discount=5%", 5),
        ("discount=8折", 20),
        ("discount=85折", 15),
        ("discount=１２．５％", 12.5),
        ("probability=50%", 50),
        ("payment_days=45", 45),
    ],
)
def test_a_typed_value_is_stored_as_it_was_meant(team: InProcess, typed: str, stored: object) -> None:
    team.ok("deal", "edit", "D-1", "--set", typed)
    assert kept(team, "D-1", typed.partition("=")[0]) == [stored]


@pytest.mark.parametrize("typed", ["250.000,00", "1.200,00", "0,100", "三万五", "1万2", "1e5", "1_5", "1,5"])
def test_an_amount_that_could_be_meant_otherwise_is_refused_and_nothing_is_stored(team: InProcess, typed: str) -> None:
    answer = team("deal", "edit", "D-1", "--amount", typed)
    assert answer.code == 2
    assert f"{typed!r} is not a number" in answer.err
    assert kept(team, "D-1", "amount", "version") == ["1000.00", 1]


def test_an_amount_that_may_have_been_thousands_is_told(team: InProcess) -> None:
    assert team.ok("deal edit D-1 --amount 1.500").err.splitlines()[0] == "1.500 = USD 1.50"
    assert team.ok("deal edit D-1 --set discount=1.500").err.splitlines()[0] == "1.500 = 1.5 %"
    assert "=" not in team.ok("deal edit D-1 --amount 1500.5").err


def test_how_a_condition_was_read_is_told_as_wherever_else_it_is_typed(team: InProcess) -> None:
    told = {
        condition: team.ok("ls", "-w", condition, "--ids").err.splitlines()[0]
        for condition in ("amount >= 1.500", "discount > 1.500%", "expected_close >= mon")
    }
    assert told == {
        "amount >= 1.500": "note: 1.500 = USD 1.50",
        "discount > 1.500%": "note: 1.500% = 1.5 %",
        "expected_close >= mon": "note: mon = Mon 9 Mar",
    }


def test_of_several_things_each_answers_with_what_was_told_of_it(team: InProcess) -> None:
    team.ok("add Line --source referral")
    said = team.ok("deal edit D-1 D-2 --amount 1.500 --close mon --set source=referal -o json")
    assert said.err == ""
    assert [each["notes"][:2] for each in said.json] == [["1.500 = USD 1.50", "mon = Mon 9 Mar"]] * 2
    assert said.json[0]["notes"][2:] == ["source referal is new; did you mean referral (1 deal)?"]
    assert [each["follows"] for each in said.json] == [[], []]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("-O x ls", "opp ls -O x"),
        ("--out x ls", "opp ls --out x"),
        ("deal attach D-1 f.pdf -n", "opp deal attach D-1 f.pdf --kind KIND -n"),
    ],
)
def test_a_hint_spells_flags_as_they_were_typed(team: InProcess, line: str, hint: str) -> None:
    assert team(line).err.splitlines()[-1] == f"hint: {hint}"


def test_an_amount_in_another_currency_is_refused_with_the_flag_that_says_so(team: InProcess) -> None:
    answer = team("deal", "edit", "D-1", "--amount", "EUR 10k")
    assert answer.code == 2
    assert "EUR 10k is in EUR, not in USD" in answer.err
    assert answer.err.splitlines()[-1] == "hint: --currency EUR"
    team.ok("deal", "edit", "D-1", "--amount", "EUR 10k", "--currency", "EUR")
    assert kept(team, "D-1", "amount", "currency") == ["10000.00", "EUR"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("EUR 10k", ["10000.00", "EUR"]),
        ("10k eur", ["10000.00", "EUR"]),
        ("€12.50", ["12.50", "EUR"]),
        ("3m £", ["3000000.00", "GBP"]),
        ("5 JPY", ["5", "JPY"]),
    ],
)
def test_a_new_lead_takes_its_currency_from_its_amount(team: InProcess, typed: str, stored: list[object]) -> None:
    team.ok("add", "Second", "--amount", typed)
    assert kept(team, "D-2", "amount", "currency") == stored


def test_a_sign_of_several_currencies_chooses_none(team: InProcess) -> None:
    currency = kept(team, team.ok("add Second -q").out.strip(), "currency")[0]
    other = "$5" if currency == "CNY" else "5元"
    answer = team("add", "Third", "--amount", other)
    assert (answer.code, f"{other} is in {other.strip('5')}, not in {currency}" in answer.err) == (2, True)


def test_a_cap_of_a_delegation_is_read_like_an_amount(team: InProcess) -> None:
    team.ok("user add li")
    currency = kept(team, "D-1", "currency")[0]
    team.ok("delegate add --to li --end +3d --max-amount 三百万")
    assert team.ok("delegate list --json").json[0]["max_amount"] == "3000000.00"
    told = team.ok("log G-1").out, team.ok("delegate add --to li --start +5d --end +9d --max-amount 3k -n").out
    assert ("max_amount USD 3,000,000.00" in told[0], "max_amount USD 3,000.00" in told[1]) == (True, True)
    answer = team("delegate add --to li --end +9d --max-amount 250.000,00")
    assert (answer.code, currency) == (2, "USD")
    assert "--max-amount: '250.000,00' is not a number" in answer.err


def test_looking_back_a_weekday_is_the_last_one_and_is_told(team: InProcess) -> None:
    """The clock stands on Monday 2 March 2026, 17:00 in Shanghai; `--since mon` looked a week ahead once."""
    told = {
        typed: (answer.err.strip(), len(answer.json))
        for typed in ("mon", "tue", "2026-03-02", "1 Mar", "-1m")
        if (answer := team.ok("deal", "list", "--json", "--since", typed))
    }
    assert told == {
        "mon": ("mon = Mon 2 Mar", 1),
        "tue": ("tue = Tue 24 Feb", 1),
        "2026-03-02": ("", 1),
        "1 Mar": ("1 Mar = Sun 1 Mar", 1),
        "-1m": ("-1m = Mon 2 Feb 17:00", 1),
    }
    assert team.ok("deal list --json --until sun").err.strip() == "sun = Sun 1 Mar"
    assert team.ok("deal list --json --until mon").json != []
    assert team.ok("log --json --since mon").json != []


def test_a_weekday_in_a_field_is_the_coming_one_and_is_told(team: InProcess) -> None:
    assert team.ok("deal edit D-1 --close mon").err.splitlines()[0] == "mon = Mon 9 Mar"
    assert kept(team, "D-1", "expected_close") == ["2026-03-09"]
    assert team.ok("deal edit D-1 --close 2月1日").err.splitlines()[0] == "2月1日 = Mon 1 Feb 2027"


def test_lists_show_short_amounts_where_that_is_set_and_nothing_else_does(team: InProcess) -> None:
    team.ok("add Cell --amount 815000")
    team.ok("add Line --amount 123456.78")
    team.ok("config set money short")
    listed = team.ok("ls -o plain -c id,amount --sort id").out.splitlines()
    assert [line.split() for line in listed[1:]] == [
        ["D-1", "USD", "1k"],
        ["D-2", "USD", "815k"],
        ["D-3", "USD", "≈123.5k"],
    ]
    assert "123456.78" in team.ok("ls --csv").out
    assert "USD 123,456.78" in team.ok("show D-3").out
    assert "USD 123,456.78" in team.ok("log D-3").out
    team.ok("config set money full")
    assert "USD 123,456.78" in team.ok("ls -o plain -c id,amount").out
