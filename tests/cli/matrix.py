"""The matrix of role and verb as it was decided, and a team in which everybody stands in one relation to a deal.

A admin, M manager, L superior of the owner, O owner, C collaborator, S submitter, H may fill a seat now, P other,
T service, X no user; `y` may, `.` is refused (4), `u` may where nobody owns it.
"""

from pathlib import Path

from command_line import InProcess
from stages import team_policy

from oppcli.rules import verbs

MATRIX = """
verb                                                       A M L O C S H P T X  signed, bars, notes
every read, policy check simulate diff, request plan       y y y y y y y y y y     [scope]: §3 and X 4
lead add, customer add, contact add, note, mail, watch     y y y y y y y y y .
task add                                                   y y y y y y y y . .
task done edit cancel                                      y y y y y y u u . .     S: who gave it
task decline                                               . . . y y . . . . .
task waive                                                 y y . . . . . . . .
activity edit                                              y y y y . . . . . .     O: who noted it
customer edit, contact edit, deal link rival               y y y y y u u u . .
customer assign                                            y y y y . . . . . .
proposal accept decline                                    y y y y y u u u . .
customer protect                                           y y y y . . . . . .
deal edit advance win lose attach, reopen lost             y y y y y u u u . .     won: edit A with -m
payment plan                                               y y y y y u u u . .
payment received void                                      y y . . . . . . . .     [payment] who: they and A
deal assign                                                y y y y u u u u . .  S  never to T; §5
deal reopen, won                                           y y . . . . . . . .  S
deal archive                                               y y y y . . . . . .
deal assign --by-rule                                      y y . . . . . . . .  S  of all that are nobody's
claim                                                      y y y y y y y y . .
request submit                                             y . . y . . . . . .
request resubmit recall                                    y . . y . y . . . .          successor as S
request reply                                              . . . y . y . . . .          also who was asked
request nudge                                              . . . y . y . . . .
request approve reject return withdraw recuse add-approver . . . . . . y . . .  S  bars: part, service
request met                                                . . . y . y y . . .     H: who asks for it, their step
request met, waive                                         y . . . . . y . . .     bar: part; H as above
request ask                                                . . . . . . y . . .     bars: part, service
request packet                                             y . . . . . y . . .  S  for who is asked
request transfer                                           y . . . . . y . . .  S  A never to A
request revoke                                             y . . . . . . . . .  S  also who decided last; bar: part
request cancel override rebase                             y . . . . . . . . .  S  bar: part
delegate add end, one's own                                y y y y y y y y . .  S  others': A, never to A; end: either
user add edit reactivate, pin --code                       y . . . . . . . . .  S  own name, email, PIN: all; key: own
user deactivate                                            y . y . . . . . . .  S  never the last admin
policy apply, customer erase, db restore upgrade clock     y . . . . . . . . .  S  upgrade: or file's owner, not signed
import                                                     y y . . . . . . y .  S  people, --trust-approvals: A
merge unmerge, dupes keep                                  y y . . . . . . . .
mapping drop                                               y y . . . . . . y .
rate add, cost add                                         y y . . . . . . . .
target set                                                 y . y . . . . . . .     L of the person
target set, of a team                                      y . y y . . . . . .     O who leads it
target set, of the company                                 y . . . . . . . . .
points give                                                y . y . . . . . . .     L of the person, nobody to oneself
forecast adjust                                            . . y . . . . . . .     L of the owner
forecast submit                                            y . y y . . . . . .     O at the head of the team
forecast submit, of all                                    y y . . . . . . . .
fact set                                                   y y . . . . . . . .     `who` of the fact; §4
fact fetch                                                 y y y y y y y y y .
price set                                                  y y . . . . . . . .
contract add sign                                          y y y y y u u u . .
contract clause                                            . . . . . . y . . .     [contract] clauses who
quote edit send accept                                     y y y y y u u u . .
view save, drop one's own                                  y y y y y y y y y .
view save, sent to others                                  y y . . . . . . . .
view drop, another's shared                                y . . . . . . . . .
tick, notices send, db backup                              y y y y y y y y y .     actor system; backup: §3
"""

ROWS = {
    "lead add, customer add, contact add, note, mail, watch": [
        *("lead add", "customer add", "contact add", "note", "mail", "notices watch"),
    ],
    "deal edit advance win lose attach, reopen lost": [
        "deal edit",
        "deal advance",
        "deal win",
        "deal lose",
        "deal attach",
        "deal reopen",
    ],
    "task add": ["task add"],
    "task done edit cancel": ["task done", "task edit", "task cancel"],
    "task decline": ["task decline"],
    "task waive": ["task waive"],
    "activity edit": ["activity edit"],
    "customer edit, contact edit, deal link rival": ["customer edit", "contact edit", "deal link", "deal rival"],
    "customer assign": ["customer assign"],
    "proposal accept decline": ["proposal accept", "proposal decline"],
    "customer protect": ["customer protect"],
    "payment plan": ["payment plan"],
    "payment received void": ["payment received", "payment void"],
    "deal assign": ["deal assign"],
    "deal archive": ["deal archive"],
    "deal assign --by-rule": ["deal assign --by-rule"],
    "claim": ["claim"],
    "deal reopen, won": ["deal reopen won"],
    "request submit": ["request submit"],
    "request resubmit recall": ["request resubmit", "request recall"],
    "request reply": ["request reply"],
    "request nudge": ["request nudge"],
    "request approve reject return withdraw recuse add-approver": [
        "request approve",
        "request reject",
        "request return",
        "request withdraw",
        "request recuse",
        "request add-approver",
    ],
    "request met": ["request met"],
    "request met, waive": ["request met waive"],
    "request ask": ["request ask"],
    "request packet": ["request packet"],
    "request transfer": ["request transfer"],
    "request revoke": ["request revoke"],
    "request cancel override rebase": ["request cancel", "request override", "request rebase"],
    "delegate add end, one's own": ["delegate add", "delegate end"],
    "user add edit reactivate, pin --code": ["user add", "user edit", "user reactivate", "user pin --code"],
    "user deactivate": ["user deactivate"],
    "policy apply, customer erase, db restore upgrade clock": [
        "policy apply",
        "customer erase",
        "db restore",
        "db clock",
    ],
    "import": ["import"],
    "merge unmerge, dupes keep": ["merge", "unmerge", "dupes keep"],
    "mapping drop": ["mapping drop"],
    "rate add, cost add": ["rate add", "cost add"],
    "target set": ["target set"],
    "target set, of a team": ["target set team"],
    "target set, of the company": ["target set company"],
    "points give": ["points give"],
    "forecast adjust": ["forecast adjust"],
    "forecast submit": ["forecast submit"],
    "forecast submit, of all": ["forecast submit all"],
    "fact set": ["fact set"],
    "fact fetch": ["fact fetch"],
    "price set": ["price set"],
    "contract add sign": ["contract add", "contract sign"],
    "contract clause": ["contract clause"],
    "quote edit send accept": ["quote edit", "quote send", "quote accept"],
    "view save, drop one's own": ["view save", "view drop"],
    "view save, sent to others": ["view save other"],
    "view drop, another's shared": ["view drop other"],
    "tick, notices send, db backup": ["tick", "notices send", "db backup"],
}
"""What the rows of the table say, verb by verb; the first row is of reads."""
LETTERS = "AMLOCSHPTX"
PEOPLE = dict(zip(LETTERS, ("root", "max", "wang", "li", "chen", "sun", "han", "pia", "bot", "xeno"), strict=True))
"""Who stands for each letter."""


def cells() -> dict[str, tuple[str, bool]]:
    """Verb → its ten cells, and whether it is signed."""
    lines = MATRIX.strip("\n").splitlines()
    start = lines[0].index("A M L")
    found: dict[str, tuple[str, bool]] = {}
    for line in lines[2:]:
        label, row = line[:start].strip(), line[start : start + 19].replace(" ", "")
        signed = line[start + 19 :].split()[:1] == ["S"]
        found |= dict.fromkeys(ROWS[label], (row, signed))
    return found


POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "谈判"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"

[quote]

[contract]
clauses = [{ name = "付款", who = "user:han" }]

[type.sign]
needs = ["amount"]
away = ["packet"]
material = ["amount"]
[[type.sign.step]]
name = "一"
who = "user:han"

[type.both]
material = ["amount"]
[[type.both.step]]
name = "会签"
who = ["user:han", "user:hua"]
rule = "all"

[fact.credit_limit]
type = "money"
[assign]
protect = { max = 20, days = 30 }
rule = [{ name = "无主", when = "product == 'MES'", to = ["user:tor"] }]

[[suggest]]
to = "谈判"
words = ["确认报价"]
""",
    name="测试",
    fallback="user:tor",
    hours='"09:00-17:00"',
)
MAPPING = """
system = "old"
[fields]
external_id   = "id"
title         = "id"
stage         = "stage"
owner         = "owner"
amount        = "amount"
collaborators = "with"
close_reason  = "why"
"""
DEALS = """
id,stage,owner,amount,with,why
asked,方案,sun,800000,chen,
back,方案,sun,800000,chen,
given,方案,sun,800000,chen,
half,方案,sun,800000,chen,
plain,方案,sun,800000,chen,
won,赢单,li,800000,chen,
lost,输单,li,800000,chen,price
hers,方案,ada,800000,,
hers given,方案,ada,800000,,
""".lstrip()
ASKED, BACK, GIVEN, HALF, PLAIN, WON, LOST, HERS, HERS_GIVEN, FREE, FREE_LOST = (f"D-{n}" for n in range(1, 12))
R_ASKED, R_BACK, R_GIVEN, R_HALF, R_HERS, R_HERS_GIVEN = (f"R-{n}" for n in range(1, 7))
END = "--end 2026-06-01"

LINES = {
    "lead add": "lead add 新线索",
    "customer add": "customer add 新客户",
    "customer edit": "customer edit {customer} --industry 机械",
    "customer protect": "customer protect {customer}",
    "customer assign": "customer edit {customer} --owner tor",
    "contact add": "contact add 新人",
    "contact edit": "contact edit {contact} --title 总监",
    "proposal accept": "proposal accept {proposal}",
    "proposal decline": "proposal decline {proposal}",
    "deal link": "deal link {deal} tor",
    "deal rival": "deal rival {deal} Globex",
    "note": "note {deal} 来过电话",
    "mail": "mail {deal}.eml",
    "notices watch": "notices watch {deal}",
    "task add": "task add 回电 --for {deal}",
    "task done": "done {task}",
    "task edit": "task edit {task} --title 再回电",
    "task cancel": "task cancel {task}",
    "task decline": "task decline {task} -m 没空",
    "task waive": "task waive {task} -m 不必",
    "activity edit": "activity edit A-1 --text 来过两次电话",
    "deal edit": "deal edit {deal} --title 新名",
    "deal advance": "advance {deal} --to 谈判",
    "deal win": "win {deal}",
    "deal lose": "lose {deal} --reason price",
    "deal attach": "deal attach {deal} policy.toml --kind 合同",
    "deal reopen": "deal reopen {deal} -m 又来了",
    "deal edit won": f"deal edit {WON} --set amount=5 -m 更正",
    "deal reopen won": f"deal reopen {WON} -m 又来了",
    "payment plan": "payment plan {deal} --part rest:2026-12-31",
    "payment received": "payment received {deal} 5000",
    "payment void": "payment void Y-1 -m 记错",
    "deal assign": "deal assign {deal} --to tor",
    "deal archive": "deal archive {deal}",
    "deal assign --by-rule": "deal assign --by-rule",
    "claim": f"claim {FREE}",
    "request submit": f"submit {PLAIN} sign",
    "request resubmit": f"request resubmit {R_BACK}",
    "request recall": f"request recall {R_ASKED}",
    "request met": f"request met {R_HALF} 1 -m 已办",
    "request met waive": f"request met {R_HALF} 1 --waive -m 不必",
    "request ask": f"request ask {R_ASKED} -m 期限？",
    "request packet": f"request packet {R_ASKED} --for han -O packet.html",
    "request reply": f"request reply {R_ASKED} -m 三个月",
    "request nudge": f"request nudge {R_ASKED}",
    "request approve": f"approve {R_ASKED}",
    "request reject": f"reject {R_ASKED} -m 不行",
    "request return": f"request return {R_ASKED} -m 为何",
    "request withdraw": f"request withdraw {R_HALF}",
    "request recuse": f"request recuse {R_ASKED}",
    "request add-approver": f"request add-approver {R_ASKED} --beside hua",
    "request transfer": f"request transfer {R_ASKED} --to hua -m 休假",
    "request revoke": f"request revoke {R_GIVEN} -m 信用变化",
    "request cancel": f"request cancel {R_ASKED} -m 重复",
    "request override": f"request override {R_ASKED} -m 口头同意",
    "request rebase": f"request rebase {R_ASKED} -m 新制度",
    "delegate add": f"delegate add --to tor {END}",
    "delegate end": "delegate end {own}",
    "delegate add other": f"delegate add --from vic --to tor {END}",
    "delegate end other": "delegate end {other} -m 误设",
    "user add": "user add neu",
    "user edit": "user edit vic --manager wang",
    "user edit own": "user edit {who} --name 新名",
    "user reactivate": "user reactivate dan",
    "user deactivate": "user deactivate li",
    "user pin --code": "user pin vic --code",
    "policy apply": "policy apply third.toml",
    "customer erase": "customer erase C-1 -y -m 客户要求",
    "db restore": "db restore team.backup",
    "db clock": "db clock -m 时钟快了",
    "import": "import deals.csv --mapping deals.toml",
    "import people": "import people.csv --mapping people.toml --kind users",
    "merge": f"merge {PLAIN} {HERS}",
    "unmerge": f"unmerge {HERS}",
    "dupes keep": f"dupes keep {PLAIN} {HERS} -m 两个项目",
    "mapping drop": "mapping drop old",
    "rate add": "rate add EUR CNY 7.82",
    "cost add": "cost add 展会 2026-11 500",
    "target set": "target set li 2026-11 won 5",
    "target set team": "target set team:li 2026-11 won 5",
    "target set company": "target set company 2026-11 won 5",
    "points give": "points give li 5 --kind 培训 -m 讲了新产品",
    "forecast adjust": "forecast adjust {deal} --amount 5 -m 偏高",
    "forecast submit": "forecast submit next-month --team li",
    "forecast submit all": "forecast submit next-month",
    "fact set": "fact set C-1 credit_limit=5",
    "fact fetch": "fact fetch C-1",
    "price set": "price set P-1 --list 5",
    "contract add": "contract add {deal} second.toml",
    "contract sign": "contract sign {deal} third.toml",
    "contract clause": "contract clause {deal} 付款 --ok",
    "quote edit": "quote line {deal} 1 --item 培训",
    "quote send": "quote send {deal} 报价单.html",
    "quote accept": "quote accept {deal}",
    "view save": "view save neu ls",
    "view save other": "view save neu ls --every 每周一8点 --to vic",
    "view drop": "view drop eigen",
    "view drop other": "view drop alle",
    "import trusted": "import deals.csv --mapping deals.toml --trust-approvals -m 核对过",
    "tick": "tick",
    "notices send": "notices send",
    "db backup": "db backup",
}
"""How each verb is typed. `deal`, `customer` and the customer of `contact` are li's, or nobody's."""
OWNED = {"deal win": PLAIN, "deal reopen": LOST, "deal archive": LOST}
UNOWNED = {"deal reopen": FREE_LOST}
OTHERS = {"request revoke": {"H": "hua"}}
"""Who stands for a letter where its usual person is more: han decided last."""
FIRST = {"unmerge": "merge"}
"""What has to be done before it, where somebody does it in earnest."""
NOTHING_TO_DO = {"db clock": 5}
"""What a verb answers to who may do it, but not now."""


def line_of(name: str, who: str, given: dict[str, str], deal: str = ASKED) -> str:
    """How `who` types the verb of the deal or of what is with it, li's or nobody's, with the delegations of `team`."""
    nobodys = deal in (FREE, FREE_LOST)
    customer, contact, task, proposal = ("C-1", "P-2", "T-1", "S-1") if nobodys else ("C-2", "P-1", "T-2", "S-2")
    named = {"deal": deal, "customer": customer, "contact": contact, "task": task, "proposal": proposal, "who": who}
    return LINES[name].format(**named, own=given.get(who, "G-1"), other=given["vic"])


def allowed(name: str, given: dict[str, str]) -> tuple[str, str]:
    """Somebody who may do the verb, and their line, which asks nothing."""
    row = verbs.verb(name)
    letter = min(row.may | row.unowned, key=LETTERS.index)
    who = OTHERS.get(name, {}).get(letter, PEOPLE[letter])
    typed = line_of(name, who, given, OWNED.get(name, ASKED))
    return who, f"{typed} -y" if name == "db restore" else typed


def team(opp: InProcess) -> dict[str, str]:
    """Make it; returns the delegation that each person gave."""
    folder = Path(opp.folder)
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    (folder / "second.toml").write_text(POLICY + "# 第二版\n", encoding="utf-8")
    (folder / "third.toml").write_text(POLICY + "# 第三版\n", encoding="utf-8")
    (folder / "deals.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "deals.csv").write_text(DEALS, encoding="utf-8")
    (folder / "people.toml").write_text('kind = "users"\n[fields]\nname = "name"\n', encoding="utf-8")
    (folder / "people.csv").write_text("name\nNeu\n", encoding="utf-8")
    for deal in (ASKED, FREE):
        (folder / f"{deal}.eml").write_text(f"From: kim@example.com\nSubject: [{deal}] 问价\n\n多少钱？", "utf-8")
    opp.ok("init --policy policy.toml", user="root")
    for line in (
        "max --role manager", "wang", "li --manager wang", "chen", "sun", "han", "hua", "pia", "tor",
        "vic --manager li", "dan", "bot --role service", "ada --role admin",
    ):  # fmt: skip
        opp.ok(f"user add {line}", user="root")
    opp.ok("import deals.csv --mapping deals.toml", user="root")
    for who, line in (
        ("bot", "lead add 无主 --customer 客户"),
        ("bot", "lead add 无主二"),
        ("root", "customer add 李家 --owner li"),
        ("root", "contact add 甲 --customer C-2"),
        ("root", "contact add 乙 --customer C-1"),
        ("root", f"deal edit {PLAIN} --customer C-2"),
        ("root", f"quote line {ASKED} --item 咨询 --price 800000"),
        ("root", f"contract add {ASKED} policy.toml"),
        ("root", f"contract add {FREE} policy.toml"),
        ("root", f"quote line {FREE} --item 咨询 --price 800000"),
        ("root", f"deal edit {FREE} --set next_step=回访"),
        ("root", f"lose {FREE_LOST} --reason price"),
        *(("sun", f"submit {deal} sign") for deal in (ASKED, BACK, GIVEN)),
        ("sun", f"submit {HALF} both"),
        *(("ada", f"submit {deal} sign") for deal in (HERS, HERS_GIVEN)),
        ("han", f"request return {R_BACK} -m 为何"),
        ("han", f"approve {R_GIVEN}"),
        ("han", f"approve {R_HALF} --condition 书面确认"),
        ("han", f"approve {R_HERS_GIVEN} --condition 书面确认"),
        ("han", f"request ask {R_ASKED} -m 何时？"),
        ("root", f"deal assign {ASKED} {BACK} {GIVEN} {HALF} {PLAIN} --to li"),
        ("sun", f"task add 交样品 --for {ASKED} --to li"),
        ("li", f"note {ASKED} 来过电话"),
        ("root", f"payment received {ASKED} 100"),
        ("root", "policy apply second.toml"),
        ("root", "user deactivate dan"),
        ("root", f"note {FREE} 邮件：确认报价"),
        ("root", f"note {ASKED} 邮件：确认报价"),
    ):
        opp.ok(line, user=who)
    for who in ("root", "max", "wang", "li", "chen", "sun", "han", "pia", "bot"):
        opp.ok("view save eigen -- ls", user=who)
    opp.ok("view save alle --shared -- ls", user="vic")
    opp.ok("db backup team.backup", user="root")
    given = {}
    for who in ("root", "max", "wang", "li", "chen", "sun", "han", "pia", "vic"):
        answer = opp.ok(f"delegate add --to hua {END} -q", user=who)
        given[who] = answer.out.strip()
    return given
