"""`opp mail`: of whom one knows on their deal, with all that follows from a note; of others a proposal; each once."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import InProcess

POLICY = """
[follow]
deadline = [{ name = "contact", from = "assigned", within = "24h", calendar = "always", done = ["touch"] }]
[duplicates]
mail = "flag"
rule = [{ name = "name", of = "customer", same = ["name"], cli = "block" }]
[[suggest]]
to = "Open"
words = ["确认报价"]
"""
LATER = "2026-03-05T10:00:00+08:00"


def eml(opp: InProcess, name: str, sender: str, to: str, subject: str = "Hello", text: str = "hi", **more: str) -> None:
    """A mail in a file, of Tuesday 3 March, 10:00 in Shanghai."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"], made["Date"] = f"<{name}@mail>", more.pop("date", "Tue, 03 Mar 2026 10:00:00 +0800")
    for header, value in more.items():
        made[header.replace("_", "-")] = value
    made.set_content(text)
    (Path(opp.folder) / name).write_bytes(bytes(made))


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """li has a deal with Acme, where Pat works; zhou has two with Globex, where Bob works."""
    opp = opp_on_both
    opp.ok("init --template blank --lang en")
    for login in ("li", "zhou"):
        opp.ok(f"user add {login} --manager wang --email {login}@us.cn")
    opp.ok("user add bot --role service")
    (opp.folder / "team.toml").write_text(opp.ok("policy show").out + POLICY, "utf-8")
    opp.ok("policy apply team.toml")
    opp.ok("add Plant --customer Acme", user="li")
    opp.ok("contact add Pat --customer Acme --email Pat@Acme.com", user="li")
    opp.ok("add Hall --customer Globex", user="zhou")
    opp.ok("add Roof --customer Globex", user="zhou")
    opp.ok("customer edit C-2 --email office@globex.com", user="zhou")
    opp.ok("contact add Bob --customer Globex --email bob@globex.com", user="zhou")
    opp.env["OPP_NOW"] = LATER
    return opp


def noted(opp: InProcess) -> list[tuple[str, str, str, str, str]]:
    rows = opp.ok("activity list --sort id -o json").json
    return [(row["deal"], row["kind"], row["who"], row["direction"], row["text"].split("\n")[0]) for row in rows]


def proposed(opp: InProcess) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = opp.ok("proposal list -o json").json
    return found


def test_a_mail_of_somebody_known_is_on_their_only_deal_once(team: InProcess) -> None:
    eml(team, "a.eml", "Pat Doe <pat@ACME.com>", "li@us.cn", "Re: offer", "we want it\n\n> quoted")
    first = team.ok("mail a.eml", user="bot")
    again = team.ok("mail a.eml", user="li")
    assert first.out.splitlines()[0] == "A-1 mail on D-1 Plant: Re: offer"
    assert again.out == "Re: offer: taken before, A-1\n"
    (row,) = team.ok("activity list -o json").json
    assert (row["at"], row["direction"], row["who"], row["contacts"], row["channel"], row["text"]) == (
        *("2026-03-03T02:00:00Z", "in", "li", ["P-1"], "mail"),
        "Re: offer\nwe want it",
    )


def test_what_follows_from_a_note_follows_and_no_mail_that_came_in_is_a_first_contact(team: InProcess) -> None:
    team.ok("note D-1 'note: soon -> 6 Mar call'", user="li", now="2026-03-02T18:00:00+08:00")
    eml(team, "in.eml", "pat@acme.com", "li@us.cn", text="我们确认报价", date="Fri, 06 Mar 2026 09:00:00 +0800")
    eml(team, "out.eml", "li@us.cn", "Pat <pat@acme.com>", "Offer", date="Fri, 06 Mar 2026 10:00:00 +0800")
    came = team.ok("mail in.eml", user="bot", now="2026-03-06T11:00:00+08:00").out
    assert ("T-4 call is done, on time" in came, "S-1 proposes D-1: Lead → Open" in came, "contact" in came) == (
        *(True, True),
        False,
    )
    went = team.ok("mail out.eml", user="bot", now="2026-03-06T11:00:00+08:00").out
    assert "deadline T-1 contact is met" in went
    assert [each[:4] for each in noted(team)][1:] == [("D-1", "mail", "li", "in"), ("D-1", "mail", "li", "out")]


def test_a_reference_in_the_subject_says_which_deal(team: InProcess) -> None:
    eml(team, "a.eml", "bob@globex.com", "zhou@us.cn", "【D-3】 roof")
    eml(team, "b.eml", "stranger@gmail.com", "zhou@us.cn", "Re: [d-2] hall")
    eml(team, "c.eml", "bob@globex.com", "zhou@us.cn", "[D-99] nothing")
    answer = team.ok("mail a.eml b.eml c.eml")
    assert [each[0] for each in noted(team)] == ["D-3", "D-2"]
    assert "S-1 proposes a mail: [D-99] nothing; live deals there: D-2, D-3" in answer.out


def test_of_somebody_with_several_deals_it_is_proposed_and_goes_where_who_accepts_says(team: InProcess) -> None:
    eml(team, "a.eml", "bob@globex.com", "zhou@us.cn", "Question")
    eml(team, "b.eml", "office@globex.com", "zhou@us.cn", "Another")
    team.ok("mail a.eml b.eml")
    assert [(row["noun"], row["ref"]) for row in proposed(team)] == [("activity", "C-2")] * 2
    assert noted(team) == []
    assert [row["ref"] for row in team.ok("next -o json", user="zhou").json if row["kind"] == "proposal"] == [
        "S-1",
        "S-2",
    ]
    team.ok("proposal accept S-1 --for D-3", user="zhou")
    team.ok("proposal accept S-2", user="zhou")
    assert noted(team) == [("D-3", "mail", "zhou", "in", "Question"), (None, "mail", "zhou", "in", "Another")]
    assert "taken before" in team.ok("mail a.eml").out


def test_a_stranger_is_a_lead_that_is_no_record_until_somebody_accepts_it(team: InProcess) -> None:
    eml(team, "a.eml", "Eve Fox <eve@initech.com>", "li@us.cn", "Do you build halls?", "10 of them")
    eml(team, "b.eml", "joe@gmail.com", "li@us.cn", "And garages?")
    eml(team, "c.eml", "new@globex.com", "li@us.cn", "A third roof")
    team.ok("mail a.eml b.eml c.eml", user="bot")
    assert [row["changes"].get("customer") for row in proposed(team)] == ["initech.com", None, "C-2"]
    assert len(team.ok("ls -o json").json) == 3
    assert len(team.ok("contact list -o json").json) == 2
    team.ok("proposal accept S-1 S-2 --set tier=A", user="wang")
    team.ok("proposal accept S-3 --only title,customer", user="wang")
    rows = team.ok("ls --sort id -o json").json[3:]
    assert [(row["title"], row["customer"], row["tier"]) for row in rows] == [
        ("Do you build halls?", "initech.com", "A"),
        ("And garages?", None, "A"),
        ("A third roof", "Globex", None),
    ]
    people = team.ok("contact list --sort id -o json").json[2:]
    assert [(row["name"], row["customer"], row["email"]) for row in people] == [
        ("Eve Fox", "initech.com", ["eve@initech.com"]),
        ("joe@gmail.com", None, ["joe@gmail.com"]),
    ]
    assert [each[:2] for each in noted(team)] == [("D-4", "mail"), ("D-5", "mail")]
    eml(team, "d.eml", "eve@initech.com", "li@us.cn", "Well?")
    assert "A-3 mail on D-4" in team.ok("mail d.eml", user="bot").out


def test_what_is_typed_for_a_proposed_mail_is_read_or_refused_and_never_kept_as_it_is_not(team: InProcess) -> None:
    eml(team, "1", "eve@stranger.org", "li@us.cn", "Inquiry")
    team.ok("mail 1")
    for typed, said in (
        ("at=garbage", "'garbage' is not a time"),
        ("at=2026-03-09", "is not yet: only what happened is noted"),
        ("direction=sideways", "--set direction=sideways: one of out, in"),
        ("who=nobody-here", "no such user: nobody-here"),
    ):
        answer = team(f"proposal accept S-1 --set {typed}")
        assert (answer.code in (2, 3), said in answer.err) == (True, True), answer.err
    assert (noted(team), proposed(team)[0]["state"]) == ([], "open")
    given = "--set 'at=yesterday 14:00' --set direction=我方主动 --set who=li"
    team.ok(f"proposal accept S-1 {given}")
    (row,) = team.ok("activity list -o json").json
    assert (row["at"], row["direction"], row["who"]) == ("2026-03-04T06:00:00Z", "out", "li")


def test_an_acceptance_is_taken_back_whole_and_may_be_given_again(team: InProcess) -> None:
    eml(team, "a.eml", "Eve Fox <eve@initech.com>", "li@us.cn", "Halls")
    team.ok("mail a.eml", user="bot")
    team.ok("proposal accept S-1", user="wang")
    team.ok("undo", user="wang")
    assert (noted(team), len(team.ok("contact list -o json").json), proposed(team)[0]["id"]) == ([], 2, "S-1")
    assert "taken before, S-1" in team.ok("mail a.eml").out
    team.ok("proposal accept S-1", user="wang")
    assert [each[1:] for each in noted(team)] == [("mail", "li", "in", "Halls")]
    team.ok("audit verify")


def test_undo_takes_a_mail_back_with_what_followed_and_a_proposal_with_it(team: InProcess) -> None:
    eml(team, "a.eml", "pat@acme.com", "li@us.cn")
    eml(team, "b.eml", "eve@initech.com", "li@us.cn")
    team.ok("mail a.eml b.eml", user="li")
    team.ok("undo", user="li")
    assert (noted(team), proposed(team)) == ([], [])
    assert "it was taken back; opp restore A-1" in team.ok("mail a.eml", user="li").out


def test_a_mail_that_may_be_of_a_customer_that_is_there_is_flagged_not_blocked(team: InProcess) -> None:
    """`[duplicates] mail` counts for what was proposed by a mail, however it is accepted."""
    eml(team, "a.eml", "Eve <eve@initech.com>", "li@us.cn")
    team.ok("mail a.eml", user="bot")
    team.ok("customer add Initech.com-GmbH", user="zhou")
    answer = team("proposal accept S-1 --set 'customer=Initech.com GmbH'", user="li")
    assert (answer.code, [row["rule"] for row in team.ok("dupes -o json").json]) == (0, ["name"]), answer.err
    assert team("add X --customer 'Initech.com, GmbH & Co'", user="li").code == 5


def test_mail_among_ourselves_of_machines_and_of_nobody_is_left_out_and_said(team: InProcess) -> None:
    eml(team, "a.eml", "li@us.cn", "zhou@us.cn", "Lunch?")
    eml(team, "b.eml", "pat@acme.com", "li@us.cn", "I am away", Auto_Submitted="auto-replied")
    eml(team, "c.eml", "li@us.cn", "zhou@us.cn", "[D-1] do you know them?")
    answer = team.ok("mail a.eml b.eml c.eml")
    assert "Lunch?: left out, it is among ourselves" in answer.out
    assert "I am away: left out, a machine wrote it" in answer.out
    assert noted(team) == [("D-1", "note", "li", "out", "[D-1] do you know them?")]


def test_what_cannot_be_read_is_told_by_file_and_the_others_are_taken(team: InProcess) -> None:
    eml(team, "a.eml", "pat@acme.com", "li@us.cn")
    (team.folder / "bad.eml").write_bytes(b"\xff\x00 no mail")
    answer = team("mail bad.eml a.eml none.eml .")
    assert (answer.code, len(noted(team))) == (9, 1)
    assert [line.split(":")[0] for line in answer.out.splitlines() if ": error: " in line] == [
        "bad.eml",
        "none.eml",
        ".",
    ]
    assert (team("mail bad.eml").code, team("mail none.eml").code, team("mail").code) == (2, 3, 2)
    box = b"".join(b"From x Mon\n" + (team.folder / name).read_bytes() + b"\n" for name in ("a.eml", "bad.eml"))
    again = team("mail -", stdin=box)
    assert (again.code, "-, mail 2: error: no mail" in again.out, "taken before, A-1" in again.out) == (9, True, True)


def test_a_dry_run_writes_nothing_and_quiet_and_json_answer_as_every_write(team: InProcess) -> None:
    eml(team, "a.eml", "pat@acme.com", "li@us.cn")
    eml(team, "b.eml", "eve@initech.com", "li@us.cn")
    team.ok("mail a.eml b.eml --dry-run")
    assert (noted(team), proposed(team)) == ([], [])
    assert team.ok("mail a.eml -q").out == "A-1\n"
    told = team.ok("mail b.eml -o json").json
    assert (told["verb"], told["id"]) == ("create", "S-1")


def test_a_mail_goes_to_no_deal_that_who_takes_it_does_not_see(team: InProcess) -> None:
    """Nor does a proposal name a customer that they do not see."""
    text = (team.folder / "team.toml").read_text("utf-8")
    (team.folder / "team.toml").write_text(f'{text}[scope]\nsee = {{ sales = "own" }}\n', "utf-8")
    team.ok("policy apply team.toml")
    eml(team, "a.eml", "bob@globex.com", "li@us.cn", "[D-2] secret")
    answer = team.ok("mail a.eml", user="li")
    assert ("D-2" in answer.out.replace("[D-2]", ""), "S-1 proposes a new lead" in answer.out) == (False, True)
    assert proposed(team)[0]["changes"]["customer"] == "globex.com"


def test_what_was_proposed_of_a_customer_is_erased_with_it(team: InProcess) -> None:
    """One that waits is stale then: what it would do is not known any more."""
    eml(team, "a.eml", "Eve Fox <eve@initech.com>", "li@us.cn", "Halls", "for Mr Lumbergh")
    eml(team, "b.eml", "Sam Poe <sam@initech.com>", "li@us.cn", "Roofs", "for Mr Lumbergh, too")
    team.ok("mail a.eml", user="bot")
    team.ok("proposal accept S-1", user="wang")
    team.ok("mail b.eml", user="bot")
    assert proposed(team)[0]["changes"]["customer"] == "C-3"
    team.ok("customer erase C-3 -y -m asked")
    told = team.ok("export proposals -o jsonl").out + team.ok("export journal -o jsonl").out
    assert [word for word in ("Lumbergh", "Poe", "sam@", "Eve Fox", "eve@") if word in told] == []
    states = {row["id"]: row["state"] for row in team.ok("export proposals -o json").json}
    assert states == {"S-1": "accepted", "S-2": "stale"}
    team.ok("audit verify")
    team.ok("db check")
