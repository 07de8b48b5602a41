"""A policy made of parts by a die: stages of two languages, gates, types with steps of every mode, and the optional
tables, some of them."""

import random

STAGES = {
    "en": (("Lead", "lead"), ("Qualified", "lead"), ("Solution", "open"), ("Quote", "open"), ("Talks", "open"),
           ("Won", "won"), ("Delivery", "won"), ("Lost", "lost")),
    "zh": (("线索", "lead"), ("合格", "lead"), ("方案", "open"), ("报价", "open"), ("谈判", "open"),
           ("赢单", "won"), ("交付", "won"), ("输单", "lost")),
}  # fmt: skip
"""Language → the stages of a team."""
NAMED = {"en": ("quote", "contract", "decision maker"), "zh": ("报价单", "合同", "决策人")}
"""Kinds of evidence, and a role of a contact."""

APPROVERS = (
    '"manager"', '"manager+1"', '"role:finance"', '"role:legal"', '["role:legal", "user:fin"]', '"role:tech"',
    '"user:fin"', '["user:fin", "user:law", "user:tec"]', '"chosen:role:tech"', '"role:admin"',
)  # fmt: skip
RULES = ("any", "any", "all", "at least 2", "at least 50%")
STEP = (
    'when = "amount >= 10万"',
    'when = "discount > 10 or amount >= 500_000"',
    'sla = "4h"',
    'sla = "0.25h"',
    'remind = ["50%", "1h before", "2h after"]',
    'escalate = [{ after = "0h", to = "manager", do = "notify" }, { after = "4h", to = "role:legal", do = "add" }]',
    'escalate = [{ after = "1h", to = "user:mia", do = "reassign" }]',
    'on_timeout = "return"',
    'on_timeout = "reject"',
    'on_reject = "return"',
    'self = "user:mia"',
    "fresh = true",
    'approve_needs = ["comment"]',
    'fills = ["payment_days"]',
    'calendar = "always_open"',
    'cc = ["user:bob"]',
)
"""Keys that any step may have."""
TYPE = (
    'tolerance = { amount = "2%" }',
    "valid_days = 5",
    'lock = ["pending", "approved"]',
    'lock = ["moves", "pending"]',
    "max_rounds = 2",
    "again = true",
    "bulk = false",
    'on_reject = "return"',
    'away = ["packet", "mail"]',
    'cc = ["role:finance"]',
    'reasons = ["price", "价格"]',
)
"""Keys that any type may have, which has `amount` and `discount` as its material."""
STAGE = (
    "probability = {percent}",
    'target = "16h"',
    'rotting = "40h"',
    'enter = ["amount"]',
    'enter = ["customer", "amount >= 1000"]',
    'leave = ["touch"]',
    'max_gap = "7 days"',
    'back = "reason"',
    'tasks = [{ name = "sample", who = "owner", within = "16h", must = true }]',
    'tasks = [{ name = "技术方案", who = "role:tech", within = "24h" }]',
    'on_enter = { set = { region = "East" }, notify = ["role:legal"] }',
    'category = "best"',
    'guide = "ask who decides"',
)
TABLES = (
    '[lost]\nreasons = ["price", "价格", "no budget"]\ndetail_required = ["no budget"]\n',
    "[sod]\nsubmitter_may_approve = true\n",
    '[sod]\nrepeat = "all"\neditor_may_approve = true\n',
    '[sod]\nrepeat = "none"\n',
    '[scope]\nsee = { sales = "own", manager = "team", finance = "all", legal = "all", tech = "own" }\n'
    'hide = { margin = ["sales"] }\nmask = ["phone"]\nexport = ["manager"]\n',
    '[risk]\ntell = ["user:fin"]\n',
    '[remind]\napproval = ["2d before"]\nquote = ["7d before", "1d after"]\ncontract = ["7d before"]\n'
    'payment = ["0d before", "3d after"]\ncc = ["user:fin"]\n',
    '[payment]\nwho = ["role:finance"]\n',
    '[follow]\nkinds = { demo = ["演示"] }\n'
    'deadline = [{ name = "first", from = "assigned", within = "24h", calendar = "always", done = ["touch"], '
    'escalate = [{ after = "0h", to = "manager", do = "notify" }, { after = "8h", to = "manager", do = "reassign" }] '
    '}, { name = "then", from = "first", within = "3 workdays", stop_loss = true }]\n'
    'cadence = [{ when = "tier == \'A\'", every = "3 workdays" }, { when = "always", every = "14 days" }, '
    '{ when = "always", every = "30 days", of = "customer" }]\n'
    'survey = { from = "won", within = "14 days", low = 2, rescue = "16h" }\n',
    '[duplicates]\nrule = [{ name = "tax id", of = "customer", same = ["tax_id"], sure = true, cli = "block" }, '
    '{ name = "name", of = "customer", same = ["name"] }, { name = "phone", of = "contact", same = ["phone"], '
    'cli = "flag" }, { name = "like", of = "customer", like = { name = 85 } }, '
    '{ name = "two", of = "deal", same = ["customer", "product"] }]\n',
    '[assign]\nrule = [{ name = "web", when = "source == \'官网\'", to = ["role:sales"], by = "turn", capacity = 4 }, '
    '{ name = "mail", when = "source == \'mail\'", by = "pool" }, '
    '{ name = "rest", when = "amount > 50万", to = ["role:sales"], by = "least" }]\n'
    'person.li = { capacity = 3, per_day = 2 }\npool = { claim_per_day = 2, hold = "24h", cooldown = "2 days" }\n'
    'return = [{ when = "kind == \'lead\'", after = "5 days", warn = "1 days" }]\nprotect = { max = 2, days = 3 }\n',
    '[archive]\nneeds = ["amount"]\nafter = "20 days"\n',
    '[[score]]\nname = "fit"\nrules = [{ when = "amount >= 50万", points = 40 }, { when = "touches_30d >= 1", '
    'points = 30 }]\ngrades = { A = 70, B = 40, C = 0 }\non = [{ grade = "A", do = "notify", to = "manager" }]\n',
    '[[tag]]\nname = "key"\nwhen = "amount >= 250_000"\n',
    '[[tier]]\nname = "A"\nwhen = "won_deals_365 >= 1"\n[[tier]]\nname = "B"\nwhen = "always"\n',
    '[[suggest]]\nto = "{later}"\nwords = ["确认报价", "price is fine"]\n',
    '[sheet.record]\nfields = { amount = 3, expected_close = 2, tier = 1 }\n',
    '[priority]\ncost = 10\ngrade = { A = 1.5, B = 1 }\n',
    '[bands]\namount = ["10万", "50万"]\n',
    "[kpi]\nown = 60\nteam = 40\n",
    '[win]\nfields = ["source", "amount", "region"]\n',
    '[fields.phase]\ntitle = "阶段说明"\nvalues = ["一", "二"]\n[fields.people_days]\ntype = "number"\nmin = 0\n'
    '[fields.contact_mail]\ntype = "email"\npersonal = true\n',
)  # fmt: skip
"""The optional tables; what stands in braces is named by the team."""
FOR_PAPERS = (
    "[quote]\ntaxes = [6, 13]\nvalid_days = 10\n",
    '[quote]\namount = "gross"\nprices = "gross"\nstrict = ["Q1", "Q2", "Q3"]\n',
    '[contract]\nclauses = [{ name = "Payment", who = "role:legal" }, { name = "付款", who = "user:fin", '
    'when = "amount > 100000" }]\n',
    '[fact.credit_limit]\ntype = "money"\nfresh = "30d"\n[fact.iso]\ntype = "until"\nwho = "role:finance"\n'
    '[fact.rating]\nvalues = ["A", "B"]\n',
)
"""The tables without which quotes, contracts and facts are not there."""
ROLES = '[roles]\nfinance = []\nlegal = []\ntech = ["tec", "tic"]\n'
CALENDAR = """
[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-12:00", "13:00-18:00"]
holidays = ["2026-04-06", "2026-05-01..2026-05-05"]
workdays = ["2026-05-09"]
[calendar.us]
timezone = "America/New_York"
mon_fri = ["09:00-17:00"]
[calendar.always_open]
timezone = "UTC"
mon_sun = ["00:00-24:00"]
"""


def some(dice: random.Random, parts: tuple[str, ...], chance: float) -> list[str]:
    """Each part with this chance; of two that begin alike, which would be one key twice, the first."""
    found: dict[str, str] = {}
    for part in parts:
        if dice.random() < chance:
            found.setdefault(part.split(" = ")[0].split("\n")[0], part)
    return list(found.values())


def drawn(dice: random.Random, lang: str) -> str:
    """The text of a policy for a team that speaks this language."""
    stages = STAGES[lang]
    renewal = dice.random() < 0.2
    head = (
        f'[policy]\nname = "p{dice.randrange(10**6)}"\ncurrency = "CNY"\ncalendar = "{dice.choice(("cn", "us"))}"\n'
        f'fallback = "{dice.choice(("role:admin", "user:mia"))}"\nlanguage = "{lang}"\n'
    )
    types = dice.sample(("quote", "risk", "合同"), dice.randrange(0, 4))
    parts = [head, *(_stage(dice, name, kind) for name, kind in stages)]
    parts += ['[[stage]]\nname = "续约"\npipeline = "renewal"\n', *_ends()] if renewal else []
    tables = some(dice, TABLES, 0.3)
    if any("[fields." in table for table in tables):
        types = types or ["quote"]
    papers = some(dice, FOR_PAPERS, 0.5)
    parts += [_type(dice, name, any(table.startswith("[quote]") for table in papers)) for name in types]
    parts += [_gates(dice, stages, types)] if types else []
    text = "\n".join([*parts, ROLES, *tables, *papers, CALENDAR])
    return text.replace("{later}", stages[4][0])


def _ends() -> tuple[str, str]:
    return (
        '[[stage]]\nname = "renewed"\nkind = "won"\npipeline = "renewal"\n',
        '[[stage]]\nname = "gone"\nkind = "lost"\npipeline = "renewal"\n',
    )


def _stage(dice: random.Random, name: str, kind: str) -> str:
    own = [] if kind == "lost" else some(dice, STAGE, 0.12)
    keys = [key.replace("{percent}", str(dice.randrange(101))) for key in own]
    return "\n".join(["[[stage]]", f'name = "{name}"', f'kind = "{kind}"', *keys, ""])


def _type(dice: random.Random, name: str, quoted: bool) -> str:
    """A type with one to four steps; two of them together, some of the time."""
    seen = dice.choice(('"amount"', '"amount", "discount"', '"amount", "quote"' if quoted else '"amount"'))
    when = dice.choice(("always", "always", "amount >= 1000", "discount > 5"))
    lines = [f'[type."{name}"]', f'title = "{name} 审批"', f'when = "{when}"', f'material = [{seen}, "discount"]']
    lines[-1] = lines[-1].replace('"discount", "discount"', '"discount"')
    lines += [f"needs = [{seen}]", *some(dice, TYPE, 0.15), ""]
    together = dice.random() < 0.3
    for number in range(dice.randrange(2 if together else 1, 5)):
        who, rule = dice.choice(APPROVERS), dice.choice(RULES)
        if who.startswith(('"manager', '"user', '"chosen')):
            rule = "any"
        keys = some(dice, STEP, 0.1)
        keys += ['together = "both"'] if together and number < 2 else []
        lines += [f'[[type."{name}".step]]', f'name = "s{number + 1}"', f"who = {who}", f'rule = "{rule}"', *keys, ""]
    return "\n".join(lines)


def _gates(dice: random.Random, stages: tuple[tuple[str, str], ...], types: list[str]) -> str:
    places = dice.sample([name for name, kind in stages if kind in ("open", "won")], 2)
    asked = [f'"{place}" = ["{dice.choice(types)}"]' for place in places]
    return "\n".join(["[gate]", *asked, ""])
