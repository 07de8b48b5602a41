"""The nouns: what there is, told once. Tables, references, listings, history, exports, completion, `opp log`,
`db check` and the docs follow from here, and `tests/test_adding_a_noun.py` fails for a noun that one of them lacks.

Nothing is imported, neither the classes nor typing: references and completion read this on every command.
"""


class Noun:
    """One kind of record with a table of its own."""

    module: str
    name: str
    """Where the class is, and what it is called."""
    word: str
    plural: str
    zh: str
    """What the journal calls it; how `opp export` and `opp log` call all of them; 中文."""
    listing: str
    """The command that lists them, as words after `opp`."""
    prefix: str
    """Of its references: `D-142`. None where people name it by its key (a login, a stage)."""
    table: str
    """Another than its word where that is reserved in SQL."""
    key: str
    parent: str
    """The noun it belongs to: told in its history, and counted and seen as that is. The field is `{parent}_id`."""
    about: str
    """The noun it tells of: seen as that is, but no part of its history."""
    standing: bool
    """Whether it may be archived, withdrawn, merged."""
    owner: str
    """The field that says whose it is, for rights."""
    public: bool
    """Whether everybody sees all of them, whatever the policy's `[scope]`."""
    title: str
    """SQL that tells one from another in a completion."""
    live: str
    """SQL condition of what is offered before anything is typed."""
    stages: "tuple[str, ...]"
    """Fields that name a stage; the table holds its id."""
    searched: "tuple[str, ...]"
    """Fields that a search by words looks into: their folded text is the column `search_key`."""
    said: "tuple[str, ...]"
    """Fields that hold a said text, stored with what it was made of (`model/kept.py`)."""

    def __init__(
        self,
        place: str,
        word: str,
        plural: str,
        zh: str,
        *,
        listing: str,
        prefix: str = "",
        table: str = "",
        key: str = "id",
        parent: str = "",
        about: str = "",
        standing: bool = False,
        owner: str = "",
        public: bool = False,
        title: str = "",
        live: str = "",
        stages: "tuple[str, ...]" = (),
        searched: "tuple[str, ...]" = (),
        said: "tuple[str, ...]" = (),
    ) -> None:
        self.module, _, self.name = place.partition(":")
        self.word, self.plural, self.zh = word, plural, zh
        self.listing, self.prefix, self.owner = listing, prefix, owner
        self.table, self.key = table or word, key
        self.parent, self.about, self.standing = parent, about, standing
        self.public = public
        self.title, self.live = title or key, live or "1 = 1"
        self.stages, self.searched, self.said = stages, searched, said


NOUNS = (
    Noun(
        "oppcli.model.deals:Stage",
        "stage",
        "stages",
        "阶段",
        listing="export stages",
        public=True,
        title="kind",
        live="position IS NOT NULL",
    ),
    Noun(
        "oppcli.model.people:User",
        "user",
        "people",
        "人员",
        listing="user list",
        public=True,
        table="user_account",
        key="login",
        owner="login",
        title="name",
        live="active = 1",
    ),
    Noun(
        "oppcli.model.deals:Customer",
        "customer",
        "customers",
        "客户",
        listing="export customers",
        standing=True,
        prefix="C-",
        title="name",
        searched=("name",),
    ),
    Noun(
        "oppcli.model.deals:Deal",
        "deal",
        "deals",
        "商机",
        listing="deal list",
        standing=True,
        prefix="D-",
        owner="owner",
        title="title",
        live="stage_id IN (SELECT id FROM stage WHERE kind IN ('lead', 'open'))",
        stages=("stage", "last_open_stage"),
        searched=("title", "external_id"),
    ),
    Noun(
        "oppcli.model.deals:File",
        "file",
        "files",
        "附件",
        listing="export files",
        standing=True,
        prefix="F-",
        parent="deal",
        owner="attached_by",
        title="name",
    ),
    Noun(
        "oppcli.model.people:Delegation",
        "delegation",
        "delegations",
        "代理",
        listing="delegate list",
        public=True,
        prefix="G-",
        owner="frm",
        title="frm || ' → ' || \"to\"",
    ),
    Noun(
        "oppcli.model.versions:PolicyVersion",
        "policy",
        "policies",
        "制度",
        listing="policy history",
        public=True,
        key="hash",
        title="name",
    ),
    Noun(
        "oppcli.model.requests:Request",
        "request",
        "requests",
        "审批单",
        listing="request list",
        prefix="R-",
        parent="deal",
        owner="submitted_by",
        title="type || ' · ' || state",
        live="state IN ('pending', 'returned')",
    ),
    Noun(
        "oppcli.model.requests:Notice",
        "notice",
        "notices",
        "通知",
        listing="notices list",
        about="deal",
        owner="to",
        title="kind || ' · ' || \"to\"",
        live="sent_at IS NULL AND unsent IS NULL",
        said=("text",),
    ),
    Noun(
        "oppcli.model.deliveries:Delivery",
        "delivery",
        "deliveries",
        "信件",
        listing="export deliveries",
        owner="to",
        title="channel || ' · ' || \"to\"",
        live="state IN ('waiting', 'sending')",
    ),
    Noun(
        "oppcli.model.saved:View",
        "view",
        "views",
        "视图",
        listing="view list",
        standing=True,
        prefix="V-",
        table="saved_view",
        owner="owner",
        title="name",
    ),
    Noun(
        "oppcli.model.saved:Mapping",
        "mapping",
        "mappings",
        "对照表",
        listing="export mappings",
        standing=True,
        public=True,
        key="name",
        owner="saved_by",
        title="name",
    ),
)
"""In the order in which they may be written: what a noun refers to stands before it."""
ENTRY = Noun(
    "oppcli.model.journal:Entry",
    "entry",
    "journal",
    "留痕",
    listing="log",
    prefix="e",
    table="journal",
    key="seq",
    title="action",
)
"""An entry of the journal: told of by nothing but itself."""
RECORDS = (*NOUNS, ENTRY)

BY_WORD = {noun.word: noun for noun in RECORDS}
BY_CLASS = {noun.name: noun for noun in RECORDS}
PREFIXES = {noun.word: noun.prefix for noun in RECORDS if noun.prefix}


def class_of(noun: Noun) -> type:
    """The dataclass, imported when it is asked for."""
    from importlib import import_module

    found: type = getattr(import_module(noun.module), noun.name)
    return found


def belonging_to(word: str) -> "tuple[Noun, ...]":
    """The nouns whose records belong to one of this noun, and are told in its history."""
    return tuple(noun for noun in NOUNS if noun.parent == word)


def referred(field: str) -> "Noun | None":
    """The noun that a field of this name refers to, as `customer_id` does; None for any other."""
    word, its_id, rest = field.rpartition("_id")
    return BY_WORD.get(word) if its_id and not rest else None


def typed(text: str) -> str:
    """A reference as it is looked up: in small letters of half width, blanks of every kind around it off."""
    text = text.strip()
    if text.isascii():
        return text.lower()
    from oppcli.model.records import folded

    return folded(text).strip()


def meant(text: str) -> "tuple[str, str] | None":
    """(noun, key) of a reference as typed: `D-142`, `r-31`, `e311`, `stage:Lead`; None for anything else."""
    word, colon, key = text.partition(":")
    if colon and key and word.lower() in BY_WORD:
        return word.lower(), key
    reference = typed(text)
    for noun in RECORDS:
        if noun.prefix and reference.startswith(noun.prefix.lower()):
            digits = reference[len(noun.prefix) :]
            if digits.isascii() and digits.isdigit() and len(digits) < 19:
                return noun.word, str(int(digits))
    return None
