"""Deciding by answering a letter: once, by its reader, with all that a decision at the terminal asks."""

import sqlite3
from contextlib import closing
from getpass import getuser
from pathlib import Path

import pytest
from answering import POLICY, Away
from begun import settled
from command_line import InProcess

CHEN, ZHAO = "Chen <chen@example.com>", "zhao@example.com"


@pytest.fixture
@settled
def away(opp_on_both: InProcess) -> Away:
    office = Away(opp_on_both)
    office.submit()
    return office


def test_an_approver_on_leave_decides_by_mail_once_and_who_else_tries_is_refused_and_chen_is_told(away: Away) -> None:
    (code,) = away.codes("chen")
    forged = away.mail("eve@example.com", f"approve {code}\nfine", name="forged.eml")
    pending = away.state
    taken = away.mail(CHEN, f"approve {code}\nprice is fine\nkeep 30 days\n\n-- \nChen\n> {code}", name="yes.eml")
    same = away.opp("mail yes.eml", user="li")
    second = away.mail(CHEN, f"reject {code} price\nno after all", name="no.eml")
    (decision,) = away.opp.ok("request show R-1 -o json").json["decisions"]
    told = away.notices("chen")
    assert (forged.code, pending, taken.code, same.code, second.code) == (4, "pending", 0, 0, 5)
    assert "by chen (code)" in taken.out
    assert same.out == "R-1: taken before\n"
    assert "the code was spent Mon 2 Mar 17:00" in second.err
    assert (decision["actor"], decision["verdict"], decision["by"], decision["reason"]) == (
        *("chen", "approve", "code"),
        "price is fine\nkeep 30 days",
    )
    assert [text.partition(";")[0] for text in told] == [
        "your answer to R-1 was not taken: the mail is not from the address of chen",
        "your answer was taken: R-1 approved at Finance: quote for D-1 Plant, CNY 800,000.00",
        "your answer to R-1 was not taken: the code was spent Mon 2 Mar 17:00",
    ]
    entry = next(row for row in away.opp.ok("log -L 0 -o json").json if row["action"] == "approve")
    assert (entry["actor"], entry["by"], entry["channel"]) == ("chen", "code", "mail")
    assert away.opp.ok("audit verify -o json").json["clean"] is True
    assert all(row["ok"] for row in away.opp.ok("db check -o json").json)


def test_the_code_is_kept_nowhere_but_in_the_letter(opp: InProcess) -> None:
    away = Away(opp)
    away.submit()
    (code,) = away.codes("chen")
    with closing(sqlite3.connect(Path(opp.folder) / "opp.db")) as connection:
        dump = "\n".join(connection.iterdump())
    assert code not in dump and code.replace("-", "") not in dump
    assert away.opp.ok("export codes --csv").out.count("mail,") == 2


def test_the_answer_may_be_chinese_and_have_its_code_in_what_it_quotes_if_that_is_the_only_one_of_theirs(
    away: Away,
) -> None:
    (code,), theirs = away.codes("chen"), away.letters("zhao")
    quoted = "\n".join(f"> {line}" for letter in (*away.letters("chen"), *theirs) for line in letter.split("\n"))
    taken = away.mail(CHEN, f"同意\n价格可以，账期 30 天\n\n在 2026年3月2日，opp 写道：\n{quoted}")
    (decision,) = away.opp.ok("request show R-1 -o json").json["decisions"]
    assert (taken.code, decision["actor"], decision["reason"]) == (0, "chen", "价格可以，账期 30 天")
    assert code in quoted


@pytest.mark.parametrize(
    "below",
    [
        "-- \nSent from my telephone",
        "________________________________\nFrom: opp",
        "发件人: opp <opp@example.com>\n发送时间: 2026年3月2日 10:00\n收件人: chen",
        "From: opp <opp@example.com>\nSent: Monday, March 2\nTo: chen",
        "------------------ 原始邮件 ------------------\n发件人: opp",
    ],
)
def test_what_mail_programs_put_below_is_no_part_of_what_is_said(opp: InProcess, below: str) -> None:
    away = Away(opp)
    away.submit()
    (code,) = away.codes("chen")
    taken = away.mail(CHEN, f"同意\n{code}\n价格可以\n{below}")
    (decision,) = away.opp.ok("request show R-1 -o json").json["decisions"]
    assert (taken.code, decision["reason"]) == (0, "价格可以")


def test_with_two_codes_of_theirs_in_what_is_quoted_the_first_line_has_to_say_which(away: Away) -> None:
    away.opp.ok("add Roof --customer Globex --amount 5", user="li")
    away.opp.ok("submit D-2 quote", user="li")
    codes = away.codes("chen")
    refused = away.mail(CHEN, "approve\n\n" + "\n".join(f"> approve {code}" for code in codes))
    taken = away.mail(CHEN, f"approve {codes[1]}\n\n" + "\n".join(f"> approve {code}" for code in codes), name="b.eml")
    assert (len(codes), refused.code, taken.code) == (2, 5, 0)
    assert "it quotes 2 codes of yours" in refused.err


@pytest.mark.parametrize(
    ("text", "state", "verdict"),
    [
        ("reject {code} price\ntoo cheap", "rejected", "reject"),
        ("return {code} papers\nwhere is the drawing?", "returned", "return"),
        ("退回 {code} papers\n缺图纸", "returned", "return"),
        ("拒絕 {code} price\n太低", "rejected", "reject"),
        ("Approve: {lower}.\nok", "approved", "approve"),
    ],
)
def test_every_verdict_goes_by_mail_with_its_reason(away: Away, text: str, state: str, verdict: str) -> None:
    (code,) = away.codes("chen")
    answer = away.mail(CHEN, text.format(code=code, lower=code.lower()))
    assert (answer.code, away.state) == (0, state), answer.err
    assert away.opp.ok("request show R-1 -o json").json["decisions"][0]["verdict"] == verdict


def test_the_letter_names_the_reasons_that_a_no_needs_and_so_does_what_refuses_one_without(away: Away) -> None:
    (code,) = away.codes("chen")
    (letter,) = away.letters("chen")
    away.mail(CHEN, f"reject {code}\ntoo cheap")
    (told,) = away.notices("chen")
    assert "reject and return need one of these behind the code: price, papers" in letter
    assert "reject needs one of the reasons of quote; price; papers; opp" in told


def test_a_letter_asks_nothing_that_was_answered_meanwhile(away: Away) -> None:
    away.opp.ok("request ask R-1 -m 'which terms?'", user="chen")
    away.opp.ok("request reply R-1 -m '30 days'", user="li")
    away.codes("li")
    settled = away.letters("li")
    away.opp.ok("request ask R-1 -m 'and then?'", user="zhao")
    away.codes("li")
    (letter,) = away.letters("li")
    assert settled == []
    assert "Asked of you (1)" in letter and "and then?" in letter


def test_a_question_by_mail_reaches_the_submitter_and_the_next_letter_has_another_code(away: Away) -> None:
    (code,) = away.codes("chen")
    asked = away.mail(CHEN, f"提问 {code}\nwhich terms?")
    (question,) = away.opp.ok("request show R-1 -o json").json["questions"]
    (other,) = away.codes("chen")
    spent = away.mail(CHEN, f"approve {code}", name="b.eml")
    taken = away.mail(CHEN, f"approve {other}", name="c.eml")
    assert (asked.code, question["text"], question["by"], spent.code, taken.code) == (
        *(0, "which terms?", "chen"),
        *(5, 0),
    )


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("reject {code}\nno", 2, "reject needs one of the reasons of quote"),
        ("reject {code} weather\nno", 2, "weather is not one of price, papers"),
        ("approve {code} but only for May", 2, "'but only for May' stands behind the verb"),
        ("approve and reject {code}", 2, "'and reject …' stands behind the verb"),
        ("looks good {code}", 2, "the first line of an answer is one of approve, 同意,"),
        ("approve AAAAA-AAAAA-AAAAA-AAAAA", 4, "no such code was given to who answers"),
        ("ask {code}", 2, "ask needs a text"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused_told_and_on_record(
    away: Away, text: str, code: int, said: str
) -> None:
    (given,) = away.codes("chen")
    answer = away.mail(CHEN, text.format(code=given))
    assert (answer.code, away.state) == (code, "pending")
    assert said in answer.err
    assert [(said in told, told.endswith("answer again")) for told in away.notices("chen")] == [(True, code == 2)]
    assert away.bad() + away.bad("refused") == 1
    assert away.mail(CHEN, f"approve {given}", name="b.eml").code == 0


def test_a_changed_deal_voids_the_code_of_the_revision_before(away: Away) -> None:
    (code,) = away.codes("chen")
    away.opp.ok("deal edit D-1 --set amount=900000", user="li")
    late = away.mail(CHEN, f"approve {code}")
    (other,) = away.codes("chen")
    assert (late.code, away.mail(CHEN, f"approve {other}", name="b.eml").code) == (5, 0)
    assert "R-1 is at revision 2, not 1" in late.err


def test_a_code_ends_with_its_time_and_with_a_newer_one(away: Away) -> None:
    (code,) = away.codes("chen")
    away.opp.ok("request nudge R-1", user="li")
    (newer,) = away.codes("chen")
    older = away.mail(CHEN, f"approve {code}")
    away.opp.env["OPP_NOW"] = "2026-03-05T17:00:00+08:00"
    late = away.mail(CHEN, f"approve {newer}", name="b.eml")
    assert (older.code, late.code) == (5, 5)
    assert "the code ended" in older.err and "the code ended" in late.err


def test_who_was_faster_at_the_terminal_is_named_to_who_answers_later(away: Away) -> None:
    (code,) = away.codes("chen")
    away.opp.ok("request approve R-1", user="zhao")
    late = away.mail(CHEN, f"reject {code} price\nno")
    assert (late.code, away.state) == (5, "approved")
    assert "R-1 is approved: zhao approved Finance" in late.err


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_what_a_machine_sends_decides_nothing_and_is_no_bad_code(away: Away, headers: dict[str, str]) -> None:
    (code,) = away.codes("chen")
    answer = away.mail(CHEN, f"approve {code}\nI am on holiday", **headers)
    assert (answer.code, answer.out, away.state) == (0, "an answer left out: a machine sent it\n", "pending")
    assert (away.bad(), away.mail(CHEN, f"approve {code}", name="b.eml", Auto_Submitted="no").code) == (0, 0)


def test_ten_bad_codes_in_an_hour_end_all_of_the_person(away: Away) -> None:
    (code,) = away.codes("chen")
    for place in range(10):
        away.mail(CHEN, f"approve AAAAA-AAAAA-AAAAA-AAAA{place}", name=f"{place}.eml")
    after = away.mail(CHEN, f"approve {code}", name="b.eml")
    told = away.notices("chen")
    assert (after.code, "too many bad codes" in told[9], "too many" in told[8]) == (5, True, False)
    (other,) = away.codes("chen")
    assert away.mail(CHEN, f"approve {other}", name="c.eml").code == 0


@pytest.mark.parametrize("head", ["", "From: nobody:;\n\n", "Subject: Re: opp\n\n"])
def test_what_nobody_sent_answers_no_letter(away: Away, head: str) -> None:
    (code,) = away.codes("chen")
    (away.folder / "answer.txt").write_text(f"{head}approve {code}\n", "utf-8")
    refused = away.opp("mail answer.txt", user="li")
    assert (refused.code, away.state, away.bad()) == (4, "pending", 1)
    assert "it is answered by a mail from the address of chen" in refused.err
    assert away.mail(CHEN, f"approve {code}").code == 0


def test_a_mail_server_that_has_to_vouch_for_the_sender_is_asked_and_no_other(opp_on_both: InProcess) -> None:
    away = Away(opp_on_both, more='\n[mail]\nauthserv = "mx.example.com"\n')
    away.submit()
    (code,) = away.codes("chen")
    results = {
        "none": {},
        "other": {"Authentication_Results": "mx.evil.com; dmarc=pass"},
        "fail": {"Authentication_Results": "mx.example.com; spf=pass; dmarc=fail (was dmarc=pass) header.from=x"},
    }
    codes = [away.mail(CHEN, f"approve {code}", name=name, **given).code for name, given in results.items()]
    good = {"Authentication_Results": "mx.example.com; spf=pass; dmarc=pass (p=REJECT) header.from=example.com"}
    assert (codes, away.state) == ([4, 4, 4], "pending")
    assert away.mail(CHEN, f"approve {code}", name="good.eml", **good).code == 0


def test_where_the_policy_wants_proof_a_code_alone_decides_nothing(opp_on_both: InProcess) -> None:
    away = Away(opp_on_both)
    away.submit()
    (code,) = away.codes("chen")
    away.opp.ok(f"user add {getuser()} --role service")
    (away.folder / "strict.toml").write_text(POLICY + '\n[identity]\nproof = "login"\n', "utf-8")
    away.opp.ok("policy apply strict.toml")
    away.write("a.eml", CHEN, f"approve {code}")
    refused = away.opp("mail a.eml -o json", user=getuser())
    assert (refused.code, refused.error["slug"], away.state) == (4, "proof_wanted", "pending")


def test_a_type_that_is_no_longer_decided_by_mail_takes_no_answer(away: Away) -> None:
    (code,) = away.codes("chen")
    (away.folder / "closed.toml").write_text(POLICY.replace('away = ["mail", "packet"]\n', ""), "utf-8")
    away.opp.ok("policy apply closed.toml")
    refused = away.mail(CHEN, f"approve {code}")
    assert (refused.code, away.state) == (4, "pending")
    assert "quote is not decided this way any more" in refused.err
    assert away.codes("chen") == []


def test_what_lies_in_the_maildir_is_taken_by_tick_and_moved_on(opp_on_both: InProcess) -> None:
    away = Away(opp_on_both, more='\n[mail]\nmaildir = "~/Maildir"\n')
    away.submit()
    (away.folder / "home/Maildir/new").mkdir(parents=True)
    (code,) = away.codes("chen")
    away.write("home/Maildir/new/1.eml", CHEN, f"approve {code}")
    away.write("home/Maildir/new/2.eml", ZHAO, "approve AAAAA-AAAAA-AAAAA-AAAAA")
    told = away.opp.ok("tick --no-delivery").out
    left = sorted(path.name for path in (away.folder / "home/Maildir").rglob("*.eml*"))
    assert "R-1 approved at Finance" in told and "no such code" in told
    assert (left, list((away.folder / "home/Maildir/new").iterdir())) == (["1.eml:2,S", "2.eml:2,S"], [])


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [('maildir = "nowhere"', 9, "nowhere/new"), ('mailbox = "Mail"', 8, "mailbox"), ("maildir = 5", 8, "maildir")],
)
def test_a_maildir_that_is_not_there_keeps_no_letter_from_leaving(
    opp: InProcess, line: str, code: int, said: str
) -> None:
    away = Away(opp, more=f"\n[mail]\n{line}\n")
    away.submit()
    ticked = away.opp("tick -q")
    assert (ticked.code, len(away.letters("chen"))) == (code, 1)
    assert said in ticked.err


def test_who_is_no_user_hands_in_no_answer(away: Away) -> None:
    (code,) = away.codes("chen")
    stranger = away.mail(CHEN, f"approve {code}", user="nobody")
    assert (stranger.code, away.state) == (4, "pending")


def test_a_hook_is_asked_of_an_answer_too_and_its_no_is_told_and_leaves_the_code(opp_on_both: InProcess) -> None:
    hook = '\n[[hook]]\nname = "erp"\non = ["request.approve"]\n'
    more = '\n[hook.erp]\ncommand = ["{folder}/erp"]\n'.replace("{folder}", str(opp_on_both.folder))
    away = Away(opp_on_both, policy=POLICY + hook, more=more)
    program = away.folder / "erp"
    program.write_text("#!/bin/sh\ncat > asked\necho credit is used up >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    away.submit()
    (code,) = away.codes("chen")
    refused = away.mail(CHEN, f"approve {code}")
    before, told = away.state, away.notices("chen")
    program.write_text("#!/bin/sh\ncat > asked\n", "utf-8")
    taken = away.mail(CHEN, f"approve {code}", name="b.eml")
    assert (refused.code, before, taken.code, away.state) == (7, "pending", 0, "approved")
    assert "credit is used up" in told[0]
    assert '"actor":"chen"' in (away.folder / "asked").read_text("utf-8").replace(" ", "")
