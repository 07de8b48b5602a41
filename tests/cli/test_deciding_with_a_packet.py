"""A boss with a packet and no network; an answer that is signed, and one that was tampered with."""

import re
import subprocess
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest
from answering import POLICY, Away
from begun import settled
from command_line import InProcess

from oppcli.render.packet_page import END

SHOWN = re.compile(r"R-1\.1 [0-9a-f]{64}")
CODE = re.compile(r"(?:approve|同意) ([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})")
signing = pytest.mark.skipif(which("ssh-keygen") is None, reason="there is no ssh-keygen")


@pytest.fixture
@settled
def away(opp_on_both: InProcess) -> Away:
    office = Away(opp_on_both)
    (office.folder / "offer.pdf").write_bytes(b"the offer")
    office.opp.ok("deal attach D-1 offer.pdf --kind offer", user="li")
    office.submit()
    return office


def packet(away: Away, line: str = "--for chen", user: str = "wang") -> str:
    return away.opp.ok(f"request packet R-1 {line}", user=user).out


def answer(away: Away, text: str, name: str = "answer.txt") -> str:
    (away.folder / name).write_text(text, "utf-8")
    return name


def test_a_boss_with_a_packet_and_no_network_decides_once(away: Away) -> None:
    page = packet(away, "--for chen --with-files")
    (code,), (shown,) = CODE.findall(page), SHOWN.findall(page)
    text = f"reject {code} price\ntoo cheap\n\n> {shown}\n"
    taken = away.opp("mail", answer(away, text), user="zhao")
    second = away.opp("mail", answer(away, f"approve {code}", "b.txt"), user="zhao")
    (decision,) = away.opp.ok("request show R-1 -o json").json["decisions"]
    entry = next(row for row in away.opp.ok("log -L 0 -o json").json if row["action"] == "reject")
    assert (taken.code, second.code, away.state) == (0, 5, "rejected")
    assert (decision["actor"], decision["by"], decision["code"], decision["reason"]) == (
        *("chen", "code"),
        *("price", "too cheap"),
    )
    assert (entry["channel"], entry["actor"]) == ("packet", "chen")
    assert away.notices("chen")[0] == "wang made a packet of R-1 for you"
    assert all(row["ok"] for row in away.opp.ok("db check -o json").json)


def test_the_page_needs_nothing_else_and_says_what_was_shown(away: Away) -> None:
    page = packet(away, "--for chen --with-files")
    fetched = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([a-z]+:)', page)
    assert set(fetched) == {"data:"} and "<script" not in page
    assert sha256(page.partition(END)[0].encode()).hexdigest() in page.partition(END)[2]
    assert "CNY 800,000.00" in page and 'download="offer.pdf"' in page
    assert "opp approve" not in page
    assert "reject and return need one of these behind the code: price, papers" in page


def test_the_page_is_in_the_language_of_who_gets_it_and_its_first_line_is_understood(away: Away) -> None:
    away.opp.ok("user edit chen --lang zh")
    page = packet(away)
    (line,) = re.findall("<pre>(.*)", page)
    assert line.startswith("同意 ") and "报价审批" in page
    assert away.opp("mail", answer(away, f"{line}\n没问题")).code == 0


def test_files_that_changed_or_are_too_many_are_left_out_and_named(away: Away) -> None:
    (away.folder / "offer.pdf").write_bytes(b"another")
    (away.folder / "big.bin").write_bytes(b"x" * (11 << 20))
    away.opp.ok("deal attach D-1 big.bin --kind big", user="li")
    done = away.opp.ok("request packet R-1 --for chen --with-files -O R-1.html")
    page = (away.folder / "R-1.html").read_text("utf-8")
    assert "offer.pdf: left out, it is not what was attached any more" in done.err
    assert "big.bin: left out, there is no room for it" in done.err
    assert "download=" not in page and "there is no room for it" in page


@pytest.mark.parametrize(
    ("user", "line", "code", "said"),
    [
        ("li", "--for chen", 4, "li may not hand a packet to chen"),
        ("li", "", 4, "li submitted R-1"),
        ("wang", "--for li", 4, "li submitted R-1"),
        ("wang", "--for nobody", 3, "no such user: nobody"),
        ("zhao", "--for chen", 4, "zhao may not hand a packet to chen"),
        ("chen", "-o json", 2, "-o json goes with a file"),
        ("chen", "-O sales.db", 2, "sales.db: a packet is a .html"),
        ("chen", "-O nowhere/R-1.html", 2, "there is no folder"),
    ],
)
def test_only_who_is_asked_and_an_admin_for_them_make_one(
    away: Away, user: str, line: str, code: int, said: str
) -> None:
    answer = away.opp(f"request packet R-1 {line}", user=user)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert away.opp.ok("export codes -o json").json == []


def test_its_file_is_nobody_elses_to_read_and_a_place_that_cannot_be_written_ends_no_code(away: Away) -> None:
    away.opp.ok("request packet R-1 -O R-1.html", user="chen")
    file = away.folder / "R-1.html"
    (code,) = CODE.findall(file.read_text("utf-8"))
    refused = away.opp("request packet R-1 -O nowhere/R-1.html", user="chen")
    taken = away.opp("mail", answer(away, f"approve {code}"))
    assert (file.stat().st_mode & 0o777, refused.code, taken.code) == (0o600, 2, 0)


def test_a_newer_packet_and_one_of_another_revision_are_no_good_any_more(away: Away) -> None:
    (older,), (newer,) = CODE.findall(packet(away)), CODE.findall(packet(away))
    codes = [away.opp("mail", answer(away, f"approve {older}")).code]
    away.opp.ok("deal edit D-1 --set amount=900000", user="li")
    codes.append(away.opp("mail", answer(away, f"approve {newer}")).code)
    assert (codes, away.state) == ([5, 5], "pending")


def test_an_answer_in_a_file_without_its_code_says_so_and_one_with_it_further_down_counts(away: Away) -> None:
    (code,) = CODE.findall(packet(away))
    bare = away.opp("mail", answer(away, "同意\n可以\n"))
    below = away.opp("mail", answer(away, f"同意\n可以\n\n> 同意 {code}\n"))
    assert (bare.code, "the answer has no code" in bare.err, below.code) == (4, True, 0)
    assert "nobody sent it" in away.opp("mail", answer(away, "hello\n")).err


def test_a_dry_run_hands_out_nothing(away: Away) -> None:
    told = away.opp.ok("request packet R-1 --for chen -n")
    row = away.opp.ok("request packet R-1 --for chen -n -o json").json
    assert "would be: R-1 for chen, 1 step" in told.out and "<html" not in told.out
    assert row["id"] == "R-1"
    assert away.opp.ok("export codes -o json").json == []


def test_what_its_reader_does_not_see_is_not_in_it(opp_on_both: InProcess) -> None:
    closed = POLICY + '\n[scope]\nsee = { finance = "own" }\n'
    away = Away(opp_on_both, policy=closed)
    for name in ("Alpha", "Beta", "Gamma"):
        number = away.opp.ok(f"add {name} --customer {name} --amount 790000 -q", user="li").out.strip()
        away.opp.ok(f"lose {number} --reason price", user="li")
    away.opp.env["OPP_NOW"] = "2026-03-03T10:00:00+08:00"
    away.submit()
    theirs, mine = packet(away), away.opp.ok("request show R-1", user="wang").out
    assert "D-2" in mine and "D-3" in mine
    assert "D-2" not in theirs and "D-3" not in theirs and "too few closed deals" in theirs


def key(folder: Path, name: str) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    return folder / name


def sign(file: Path, by: Path, space: str = "opp-answer") -> None:
    Path(f"{file}.sig").unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", space, "-f", by, file], check=True, capture_output=True)


@signing
def test_a_signed_answer_is_proven_and_one_that_was_tampered_with_is_refused(away: Away) -> None:
    hers = key(away.folder, "hers")
    away.opp.ok("user edit chen --answer-key hers.pub", user="chen")
    page = packet(away, "--for chen --no-code")
    (shown,) = SHOWN.findall(page)
    file = away.folder / answer(away, f"approve\nfine\n\n> {shown}\n")
    bare = away.opp("mail answer.txt")
    sign(file, hers)
    file.write_text(f"approve\nfine!\n\n> {shown}\n")
    tampered = away.opp("mail answer.txt")
    file.write_text(f"approve\nfine\n\n> {shown}\n")
    taken, again = away.opp("mail answer.txt"), away.opp("mail answer.txt")
    (decision,) = away.opp.ok("request show R-1 -o json").json["decisions"]
    assert CODE.findall(page) == []
    assert "is by nobody's key here, or over something else" in tampered.err
    assert (bare.code, tampered.code, taken.code, again.out) == (4, 4, 0, "R-1: taken before\n")
    assert (decision["by"], decision["reason"]) == ("key", "fine")
    assert away.opp.ok("audit verify -o json").json["proven"] == 1


@signing
def test_a_packet_that_was_handed_again_is_answered_by_a_signature_as_the_first_one(away: Away) -> None:
    hers = key(away.folder, "hers")
    away.opp.ok("user edit chen --answer-key hers.pub", user="chen")
    first, again = (packet(away, "--for chen --no-code") for _ in range(2))
    (shown,) = SHOWN.findall(again)
    file = away.folder / answer(away, f"approve\nfine\n\n> {shown}\n")
    sign(file, hers)
    taken = away.opp("mail answer.txt")
    assert SHOWN.findall(first) == [shown]
    assert (taken.code, taken.err) == (0, "")


@signing
def test_a_signature_by_another_key_for_something_else_or_over_another_packet_proves_nothing(away: Away) -> None:
    hers, his = key(away.folder, "hers"), key(away.folder, "his")
    away.opp.ok("user edit chen --answer-key hers.pub", user="chen")
    away.opp.ok("user edit zhao --answer-key his.pub", user="zhao")
    page = packet(away)
    (code,), (shown,) = CODE.findall(page), SHOWN.findall(page)
    file = away.folder / answer(away, f"approve {code}\n\n> {shown}\n")
    sign(file, his)
    by_other = away.opp("mail answer.txt")
    sign(file, hers, "file")
    for_other = away.opp("mail answer.txt")
    file.write_text(f"approve {code}\n\n> R-1.1 {'0' * 64}\n")
    sign(file, hers)
    of_other = away.opp("mail answer.txt")
    assert [each.code for each in (by_other, for_other, of_other)] == [4, 4, 4]
    assert "the signature is not by the key of chen" in by_other.err
    assert "what is signed is not what chen was shown" in of_other.err
    assert (away.state, away.bad()) == ("pending", 3)


@signing
def test_where_the_policy_wants_proof_only_the_key_decides(opp_on_both: InProcess) -> None:
    away = Away(opp_on_both)
    away.submit()
    hers = key(away.folder, "hers")
    away.opp.ok("user edit chen --answer-key hers.pub", user="chen")
    page = packet(away)
    (code,), (shown,) = CODE.findall(page), SHOWN.findall(page)
    away.opp.ok(f"user add {getuser()} --role service")
    (away.folder / "strict.toml").write_text(POLICY + '\n[identity]\nproof = "login"\n', "utf-8")
    away.opp.ok("policy apply strict.toml")
    file = away.folder / answer(away, f"approve {code}\n\n> {shown}\n")
    bare = away.opp("mail answer.txt -o json", user=getuser())
    sign(file, hers)
    signed = away.opp("mail answer.txt", user=getuser())
    assert (bare.code, bare.error["slug"], signed.code, away.state) == (4, "proof_wanted", 0, "approved")


@signing
def test_a_key_is_given_by_its_owner_alone_who_is_told(away: Away) -> None:
    key(away.folder, "hers")
    theirs = away.opp("user edit chen --answer-key hers.pub", user="wang")
    private = away.opp("user edit chen --answer-key hers", user="chen")
    nonsense = away.opp("user edit chen --answer-key offer.pdf", user="chen")
    given = away.opp.ok("user edit chen --answer-key hers.pub", user="chen")
    twice = away.opp("user edit zhao --answer-key hers.pub", user="zhao")
    taken = away.opp.ok("user edit chen --answer-key ''", user="chen")
    assert [each.code for each in (theirs, private, nonsense, twice)] == [4, 2, 2, 5]
    assert "the key of chen is theirs alone to give" in theirs.err
    assert "that is a private key" in private.err
    assert "proven by another key" in given.out and "proven by no key" in taken.out
    assert len(away.notices("chen")) == 2
