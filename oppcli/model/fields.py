"""The fields of every noun, told once: what each holds, in which unit, within which limits, and who may set it.

A deal's fields that people type are written here in full; what a dataclass says of the others (name, order, type) is
read from it (`of`). The policy's own fields become equal members (`oppcli.rules.fields`). A field is added to the
dataclass, and here.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin

from oppcli.model.deals import CATEGORIES
from oppcli.model.noun import MISSING, default, is_noun
from oppcli.model.units import LONGEST_TEXT
from oppcli.tuples import NamedTuple

LONGEST_KEY = 500
"""Characters of a text that is a key: PostgreSQL has no room for longer ones in an index."""
BANT = ("budget", "authority", "need", "timeline")
BANT_ANSWERS = ("unknown", "no", "yes")
TEXTS = ("text", "phone", "email", "url", "address")
"""Kinds that are texts: some of them have a form (`oppcli.words.addresses`)."""
SPAN = "_ms"
"""How the name of a span of business time ends."""
CHANGERS = "owner, collaborators, superiors, manager, admin"
"""Who may change a deal (`oppcli.rules.rights.may_change`)."""


class Field(NamedTuple):
    """One field: what it is called, what it holds, and who may set it."""

    name: str
    kind: str = "text"
    """text, phone, email, url, address, number, int, money, percent, bool, date; of what nobody types also instant,
    list, object."""
    title: str = ""
    zh: str = ""
    """What it is called in Chinese."""
    editable: bool = True
    """Whether `--set` may change it."""
    own: bool = False
    """Kept in `Deal.extra` rather than in a column."""
    values: tuple[str, ...] = ()
    required: bool = False
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    pattern: str | None = None
    longest: int = LONGEST_TEXT
    """Characters of a text."""
    unit: str = ""
    """What its numbers count: %, days; of money nothing, the deal says the currency."""
    is_id: bool = False
    """It says which thing this is elsewhere: blanks of every kind around it go, or two ids would look like one."""
    folds: bool = False
    """It is a discount, which people also tell by what is left to pay: 8折."""
    set_by: str = CHANGERS
    """Who may set it; nothing where it follows from what happens."""
    personal: bool = False
    """It may tell of a person: sealed in the journal, and erased with the customer (`oppcli.store.seals`)."""
    required_when: Any = None
    """A condition of the policy (`model.policy.Condition`) under which it is required."""
    many: bool = False
    """Several values of its kind, as one may have two phones: typed with commas between them."""


_COLUMNS = (
    Field("title", zh="标题", required=True),
    Field("amount", "money", zh="金额", min=Decimal(0)),
    Field("currency", zh="币种"),
    Field("discount", "percent", zh="折扣", min=Decimal(0), max=Decimal(100), unit="%", folds=True),
    Field("margin", "percent", zh="毛利率", min=Decimal(-1000), max=Decimal(100), unit="%"),
    Field("payment_days", "int", zh="账期", min=Decimal(0), max=Decimal(3650), unit="days"),
    Field("probability", "int", zh="赢率", min=Decimal(0), max=Decimal(100), unit="%"),
    Field("probability_reason", zh="赢率原因"),
    Field("category", zh="预测类别", values=CATEGORIES),
    Field("source", zh="来源"),
    Field("campaign", zh="市场活动"),
    Field("product", zh="产品"),
    Field("region", zh="区域"),
    Field("tier", zh="客户等级"),
    Field("grade", zh="商机等级"),
    Field("score", "int", zh="评分", min=Decimal(-1_000_000), max=Decimal(1_000_000)),
    Field("expected_close", "date", zh="预计成交日"),
    Field("next_step", zh="下一步"),
    Field("next_step_on", "date", zh="下一步日期"),
    Field("competitor", zh="竞争对手"),
    Field("customer", zh="客户", longest=LONGEST_KEY),
    Field("owner", zh="负责人", editable=False),
    Field("stage", zh="阶段", editable=False),
    Field("external_id", longest=LONGEST_KEY, is_id=True),
    Field("system"),
)
_BANT_ZH = ("预算", "决策权", "需求", "时间表")
_BANT = (
    *(Field(name, zh=zh, own=True, values=BANT_ANSWERS) for name, zh in zip(BANT, _BANT_ZH, strict=True)),
    *(Field(f"{name}_evidence", own=True) for name in BANT),
)
PERSONAL: Mapping[str, frozenset[str]] = {
    "customer": frozenset(("name", "key", "phone", "email", "website", "address", "tax_id")),
    "contact": frozenset(("name", "key", "title", "phone", "email", "im")),
    "activity": frozenset(("text",)),
    "task": frozenset(("title",)),
    "payment": frozenset(("ref",)),
    "fact": frozenset(("source",)),
    "proposal": frozenset(("evidence", "changes")),
    "deal": frozenset(("title", "customer", "next_step", "close_detail")),
    "file": frozenset(("name", "path")),
    "request": frozenset(("note",)),
    "notice": frozenset(("text", "page")),
    "delivery": frozenset(("subject", "text")),
}
"""By noun, the fields that may tell of a person; the policy adds those of a team's own that say `personal = true`. Of
a deal they are so in what approvers are shown, too, where `customer` is the name."""
PERSONAL_PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {"contract": ("versions", ("file", "signer"))}
"""By noun, the parts in which something may tell of a person, and their fields that do."""
BUILT_IN: Mapping[str, Field] = {
    field.name: field._replace(personal=field.name in PERSONAL["deal"]) for field in _COLUMNS + _BANT
}
"""Fields of a deal that every team has and that people type."""
_CUSTOMERS = (
    Field("name", zh="名称", required=True, longest=LONGEST_KEY),
    Field("phone", "phone", zh="电话", many=True),
    Field("email", "email", zh="邮箱", many=True),
    Field("website", "url", zh="网址"),
    Field("address", "address", zh="地址"),
    Field("tax_id", zh="税号", is_id=True, longest=LONGEST_KEY),
    Field("industry", zh="行业"),
    Field("region", zh="区域"),
    Field("tier", zh="等级"),
    Field("owner", zh="负责人", editable=False),
    Field("quiet_until", "date", zh="免打扰至"),
    Field("external_id", longest=LONGEST_KEY, is_id=True),
    Field("system"),
)
_CONTACTS = (
    Field("name", zh="姓名", required=True, longest=LONGEST_KEY),
    Field("customer", zh="客户", longest=LONGEST_KEY),
    Field("title", zh="职务"),
    Field("phone", "phone", zh="电话", many=True),
    Field("email", "email", zh="邮箱", many=True),
    Field("im", zh="微信"),
    Field("left_on", "date", zh="离职日期"),
    Field("external_id", longest=LONGEST_KEY, is_id=True),
    Field("system"),
)
TYPED: Mapping[str, Mapping[str, Field]] = {
    "deal": BUILT_IN,
    "customer": {each.name: each._replace(personal=each.name in PERSONAL["customer"]) for each in _CUSTOMERS},
    "contact": {each.name: each._replace(personal=each.name in PERSONAL["contact"]) for each in _CONTACTS},
}
"""By noun: the fields that people type; the policy's own become equal members."""
FIXED = frozenset(("title", "customer", "owner", "stage", "currency", "external_id", "system"))
"""Fields that say which deal it is, and whose: nobody can do without them, so they are never hidden."""
SYNONYMS = {"close": "expected_close"}
CHINESE_TITLES: Mapping[str, str] = {name: field.zh for name, field in BUILT_IN.items() if field.zh}

_SET_BY: Mapping[str, Mapping[str, str]] = {
    "stage": {"admin": "name kind position probability target_ms rotting_ms pipeline category"},
    "user": {
        "admin": "login name manager roles email active successor server_role lang zone",
        "the person": "answer_key",
    },
    "deal": {CHANGERS: "close_reason close_detail"},
    "file": {CHANGERS: "kind name"},
    "delegation": {"the person, admin": "frm to starts_at ends_at types max_amount reason"},
    "policy": {"admin": "text name"},
    "request": {"submitter": "type note", "approvers": "reason"},
    "payment": {"manager, admin": "kind deal_id customer_id on sign_days amount currency ref"},
    "fact": {"manager, admin": "customer_id name value currency as_of source file_id"},
    "view": {"owner, admin": "name shared command every to"},
    "mapping": {"manager, admin": "name text"},
    "rate": {"manager, admin": "base currency day rate"},
    "cost": {"manager, admin": "source first last amount currency"},
    "point": {"superior, admin": "login points kind reason"},
    "judgement": {"superior": "deal_id owner month amount category expected_close change currency reason"},
    "target": {"superior, admin": "who month measure target stretch top currency"},
    "forecast": {"the person, superior, admin": "month team committed best"},
    "price": {"manager, admin": "sku name unit currency list floor cost tax from_on to_on"},
}
"""Who sets what, by noun; nothing else is set by hand, but what is written above."""
MEASURES: Mapping[str, Mapping[str, str]] = {
    "price": {"list": "unit_price", "floor": "unit_price", "cost": "unit_price", "tax": "percent"},
    "quote": {
        **dict.fromkeys(("list", "floor", "cost", "price"), "unit_price"),
        **{"qty": "quantity", "discount": "percent", "tax": "percent"},
    },
    "contract": {"amount": "money"},
    "cost": {"amount": "money"},
    "judgement": {"amount": "money", "change": "money"},
    "forecast": dict.fromkeys(("committed", "best", "amount"), "money"),
}
"""By noun: what the whole numbers of its fields, and of those of its parts, count."""
FINER = ("unit_price", "quantity")
"""Kinds with more decimals than money has (`oppcli.words.unit_prices`)."""
MONEY_OF = frozenset((("delegation", "max_amount"), ("request", "amount"), ("payment", "amount")))
"""Fields of other nouns than deals that hold minor units: (noun, name)."""
_TYPES = {str: "text", int: "int", bool: "bool", tuple: "list"}


def of(word: str) -> tuple[Field, ...]:
    """Every field of a noun, in the order of its dataclass; parts that are things of their own (stays, steps) are left
    out. Those a deal keeps in `extra` stand last."""
    from oppcli.model.nouns import BY_WORD, class_of

    setters = {name: who for who, names in _SET_BY.get(word, {}).items() for name in names.split()}
    noun = class_of(BY_WORD[word])
    made = [
        _derived(word, name, type_, setters.get(name, ""), given=default(noun, name) is not MISSING)
        for name, type_ in noun.__annotations__.items()
        if not is_part(type_)
    ]
    if word not in TYPED:
        return tuple(made)
    made = [TYPED[word].get("customer" if each.name == "customer_id" else each.name, each) for each in made]
    if word != "deal":
        return tuple(made)
    return (*(each for each in made if each.name != "extra"), *_BANT)


def is_part(type_: Any) -> bool:
    """Is it a tuple of things that have fields themselves?"""
    return get_origin(type_) is tuple and is_noun(get_args(type_)[0])


def is_instant(name: str) -> bool:
    """Whether a number of this name is an instant."""
    return name in ("at", "valid_until", "protected_until") or name.endswith("_at")


def called(name: str) -> str:
    """What a field is called where people see it: `customer` of `customer_id`, `target` of `target_ms`."""
    from oppcli.model.refs import referred

    about = referred(name)
    return "from" if name == "frm" else about.word if about else name.removesuffix(SPAN)


def _derived(word: str, name: str, type_: Any, set_by: str, *, given: bool) -> Field:
    """What a dataclass says of a field: instants and spans are told by their names. `given`: it has a default."""
    types = get_args(type_) if isinstance(type_, UnionType) else (type_,)
    bare = next(each for each in types if each is not type(None))
    kind = _TYPES.get(get_origin(bare) or bare, "object")
    if kind == "int" and is_instant(name):
        kind = "instant"
    kind = "money" if (word, name) in MONEY_OF else MEASURES.get(word, {}).get(name, kind)
    needed = bool(set_by) and not given
    unit = "ms" if name.endswith(SPAN) else ""
    personal = name in PERSONAL.get(word, ())
    return Field(name, kind, editable=False, required=needed, unit=unit, set_by=set_by, personal=personal)
