"""`policy explain`: sentences that a director understands, in both languages."""

from pathlib import Path

import pytest

from oppcli.errors import NotFound
from oppcli.model.said import LANGUAGES
from oppcli.policy import TEMPLATES, read, template
from oppcli.policy.explain import explain, prose
from oppcli.speech import Voice, spoken

GOLDEN = Path(__file__).parent / "golden"


def said(name: str, lang: str, only: str | None = None, *, policy_lang: str | None = None) -> list[str]:
    policy = read(template(name, policy_lang or lang))
    return [spoken(sentence, Voice(lang=lang)) for section in explain(policy, only) for sentence in section.sentences]


def told(text: str, lang: str) -> str:
    """The whole policy of this text."""
    return spoken(prose(explain(read(text))), Voice(lang=lang)) + "\n"


def test_a_type_is_explained_step_by_step_in_english():
    assert said("b2b", "en", "quote") == [
        "It is needed when amount is at least 25,000 or discount is more than 10 %.",
        "It is not submitted without amount, discount, margin, payment days and a file “quote”.",
        "A change of amount (by more than 2 %), discount, margin, payment days or solution starts over.",
        "It is valid for 60 days.",
        "1. Manager: the submitter's manager decides, within 8 business hours.",
        "2. Regional director, when amount is at least 75,000 or discount is more than 15 %: the manager's manager "
        "decides, within 8 business hours.",
        "3. Finance, when margin is less than 25 % or discount is more than 20 %: one of finance decides, the first "
        "answer counts, within 8 business hours.",
        "4. Technical review, when solution is custom: at least 2 of tech must agree, within 16 business hours.",
        "5. VP Sales, when discount is more than 25 % or amount is at least 250,000: one of vp_sales decides, the "
        "first answer counts, within 8 business hours.",
        "A reminder comes after 50 % of the time; when overdue the approver's manager is told; 8 business hours after "
        "due sales_ops may decide too.",
    ]


def test_a_type_is_explained_step_by_step_in_chinese():
    assert said("b2b", "zh", "risk") == [
        "如果金额不低于 50万，或客户等级是“C”或“新客户”，就需要审批。",
        "缺少金额、客户等级、账期不能提交。",
        "金额、客户等级或账期有变化就要重新审批。",
        "1. 财务风控（风控会审，同时进行）：由“财务”中一人审批（或签），先批的算数，16 工时内。",
        "2. 法务风控（风控会审，同时进行）：由“法务”中一人审批（或签），先批的算数，16 工时内。",
        "时限用到 50 % 时提醒一次；超时告知审批人的主管；截止 8 工时后“销售运营”也可以审批。",
    ]


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "en",
            [
                "A deal moves Lead → Qualification → Solution → Quote → Negotiation → Contract "
                "and ends as Won or Lost.",
                "To enter Negotiation, Risk review and Quote approval must be approved if needed.",
                "What nobody else can decide goes to sales_ops. Nothing is ever approved by itself.",
                "People never approve their own deals: those they submitted or own.",
                "Monday to Friday 09:00-12:00 and 13:00-17:00.",
                "8 holidays listed.",
            ],
        ),
        (
            "zh",
            [
                "商机依次经过 线索 → 资格确认 → 方案 → 报价 → 谈判 → 签约，以赢单或输单结束。",
                "进入“谈判”之前，如果需要风控审批、报价审批，必须已通过。",
                "没有别人能批时交给“销售运营”；没有人批就不会自动通过。",
                "不能审批自己提交或负责的商机。",
                "周一至周五 09:00-12:00、13:00-18:00。",
                "列出 33 天节假日。",
            ],
        ),
    ],
)
def test_the_whole_policy_says_how_deals_move_and_who_decides(lang, sentences):
    found = said("b2b", lang)
    assert [sentence for sentence in sentences if sentence not in found] == []


UNUSUAL = """
[policy]
name = "rare"
currency = "EUR"
calendar = "c"
fallback = ["user:x", "role:admin"]
override = false
[identity]
proof = "login"
[[stage]]
name = "A"
kind = "lead"
enter = ["amount", "file:offer"]
leave = "source"
next = "B"
[[stage]]
name = "B"
next = []
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[duplicates]
rule = [
  { name = "tax", of = "customer", same = ["tax_id"], cli = "block" },
  { name = "phone", of = "contact", same = ["phone"], like = { name = 50 } },
  { name = "name", of = "customer", like = { name = 85 }, cli = "flag" },
  { name = "deal", of = "deal", same = ["customer"], cli = "allow" },
]
[lost]
reasons = ["price", "other"]
detail_required = "other"
[roles]
board = { title = "董事会", who = ["ann", "bob", "cy"] }
[sod]
submitter_may_approve = true
editor_may_approve = true
repeat = "all"
distinct = [["One", "Two"]]
[type.big]
material = ["amount"]
tolerance = { amount = 5000 }
lock = true
bulk = false
cc = "role:board"
[[type.big.step]]
name = "One"
who = "role:board"
rule = "at least 2"
must = "user:ann"
veto = ["user:bob"]
remind = ["2h before"]
on_timeout = "reject"
[[type.big.step]]
name = "Two"
who = ["user:ann", "manager+3"]
rule = "all"
self = "role:admin"
fresh = true
on_reject = "return"
calendar = "night"
cc = ["user:cy"]
escalate = [{ after = "1h", to = "user:x", do = "reassign" }]
[gate]
B = "big"
[calendar.c]
timezone = "UTC"
mon_thu = ["09:00-17:00"]
fri = ["09:00-12:00"]
sun = ["10:00-11:00"]
workdays = ["2026-03-07"]
[calendar.night]
timezone = "UTC"
mon_sun = ["00:00-24:00"]
"""


def test_every_setting_that_is_not_a_default_is_said_in_english():
    text = told(UNUSUAL, "en")
    assert text == (
        "rare\n"
        "  Amounts are in EUR; business hours are those of the calendar c.\n"
        "  What nobody else can decide goes to x or admin. Nothing is ever approved by itself.\n"
        "\n"
        "Stages\n"
        "  A deal moves A → B and ends as Won or Lost.\n"
        "  To enter A a deal needs amount and a file “offer”.\n"
        "  To leave A it needs source.\n"
        "  From A one may go to B.\n"
        "  From B one may go to no other stage.\n"
        "  To enter B, big must be approved if needed.\n"
        "  A deal is lost for one of these reasons: price, other.\n"
        "  other must be explained in words.\n"
        "\n"
        "big\n"
        "  It is always needed.\n"
        "  A change of amount (by more than 5,000) starts over.\n"
        "  1. One: at least 2 of board must agree, within 8 business hours. ann must be among them. A no of bob "
        "ends it. When time runs out it is rejected.\n"
        "  2. Two: everybody of ann and the manager 3 levels further up must agree, one no ends it, within 8 business "
        "hours. In place of somebody in conflict admin decides. Always in person: an earlier yes does not carry over."
        " A no sends it back to the submitter. It runs by the calendar night. cy may read it.\n"
        "  One: a reminder comes 2 business hours before due.\n"
        "  Two: 1 business hour after due it goes to x.\n"
        "  The deal is locked: its facts do not change while it is pending.\n"
        "  It cannot be approved in bulk.\n"
        "  board may read it.\n"
        "\n"
        "People\n"
        "  People may approve their own deals: those they submitted or own.\n"
        "  The same person in several steps is asked once.\n"
        "  One and Two are decided by different people.\n"
        "  董事会 (board): ann, bob, cy.\n"
        "  Nobody may override a request, not even an admin.\n"
        "  Whoever writes is known by the machine's login, a session, the PIN or the server's role.\n"
        "\n"
        "Duplicates\n"
        "  tax: two customers with the same tax id: the second is refused.\n"
        "  phone: two contacts with the same phone and name alike by 50 %: it is said when the second is written.\n"
        "  name: two customers with name alike by 85 %: the match is kept.\n"
        "  deal: two deals under way with the same customer: nothing is said, opp dupes list finds them.\n"
        "\n"
        "Business hours: c (UTC)\n"
        "  Monday to Thursday 09:00-17:00.\n"
        "  Friday 09:00-12:00.\n"
        "  Sunday 10:00-11:00.\n"
        "  1 make-up day listed.\n"
        "\n"
        "Business hours: night (UTC)\n"
        "  Monday to Sunday 00:00-24:00.\n"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [*TEMPLATES, "everything"])
def test_the_sentences_are_word_for_word_those_of_the_golden_file(name, lang):
    text = (GOLDEN / "everything.toml").read_text(encoding="utf-8") if name == "everything" else template(name, lang)
    assert told(text, lang) == (GOLDEN / f"{name}.{lang}.txt").read_text(encoding="utf-8")


def test_every_setting_that_is_not_a_default_is_said_in_chinese():
    text = told(UNUSUAL, "zh")
    expected = (
        "“bob”一票否决、其中必须有“ann”、超时即拒绝、拒绝即退回提交人、转给“x”、管理员也不能特批、审批期间所审内容不改、"
        "只能单独批、不能再到别的阶段、计时日历：night、再上 3 级主管、周一至周四 09:00-17:00"
    ).split("、")
    assert [words for words in expected if words not in text] == []


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("policy_lang", LANGUAGES)
def test_every_template_is_explained_in_both_languages(name, lang, policy_lang):
    found = said(name, lang, policy_lang=policy_lang)
    assert len(found) > 4
    assert [sentence for sentence in found if not sentence.endswith((".", "。"))] == []
    assert [sentence for sentence in found if "None" in sentence or "{" in sentence] == []


def test_a_quote_and_its_figures_have_their_chinese_names_in_a_sentence():
    """They are no fields of a deal, and were told by the word that the policy writes."""
    text = template("b2b", "zh") + '[quote]\napproval = "quote"\n[contract]\napproval = "contract"\n'
    text = text.replace('"margin", "payment_days", "file:报价单"]', '"quote", "quote.margin"]')
    sentences = told(text.replace('needs    = ["amount", "file:合同"]', 'needs    = ["contract"]'), "zh")
    assert "缺少金额、折扣、报价、报价毛利率不能提交。" in sentences and "缺少合同不能提交。" in sentences


@pytest.mark.parametrize(("fail", "follows"), [("", "nothing is done"), ('fail = "warn"', "it goes on")])
def test_of_a_hook_it_is_said_what_follows_without_an_answer(fail, follows):
    sentences = told(f'{template("b2b", "en")}[[hook]]\nname = "erp"\non = "deal.win"\n{fail}\n', "en")
    assert f"erp is asked before deal.win, for 5s; without an answer {follows}." in sentences


def test_an_unknown_type_is_refused_with_what_there_is():
    policy = read(template("b2b", "en"))
    with pytest.raises(NotFound, match="did you mean 'quote'") as caught:
        explain(policy, "quot")
    assert "qualification, risk, quote, contract, final" in (caught.value.hint or "")
