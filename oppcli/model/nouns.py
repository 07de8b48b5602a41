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
    """The command that lists them, as words after `opp`; by default their export."""
    prefix: str
    """Of its references: `D-142`. None where people name it by its key (a login, a stage)."""
    table: str
    """Another than its word where that is reserved in SQL."""
    key: str
    parent: str
    """The noun it belongs to: told in its history, and counted and seen as that is. The field is `{parent}_id`."""
    about: str
    """Another noun it tells of: counted and seen as that is, too, but no part of its history."""
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
        listing: str = "",
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
        self.module, _, self.name = f"oppcli.model.{place}".partition(":")
        self.word, self.plural, self.zh = word, plural, zh
        self.listing, self.prefix, self.owner = listing or f"export {plural}", prefix, owner
        self.table, self.key = table or word, key
        self.parent, self.about, self.standing = parent, about, standing
        self.public = public
        self.title, self.live = title or key, live or "1 = 1"
        self.stages, self.searched, self.said = stages, searched, said


NOUNS = (
    Noun("deals:Stage", "stage", "stages", "阶段", public=True, title="kind", live="position IS NOT NULL"),
    Noun(
        "people:User",
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
        "deals:Customer",
        "customer",
        "customers",
        "客户",
        listing="customer list",
        standing=True,
        prefix="C-",
        title="name",
        searched=("name", "external_id"),
        owner="owner",
    ),
    Noun(
        "deals:Contact",
        "contact",
        "contacts",
        "联系人",
        listing="contact list",
        standing=True,
        prefix="P-",
        parent="customer",
        title="name",
        searched=("name", "external_id"),
    ),
    Noun(
        "deals:Deal",
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
        "deals:File",
        "file",
        "files",
        "附件",
        standing=True,
        prefix="F-",
        parent="deal",
        owner="attached_by",
        title="name",
    ),
    Noun(
        "follow:Activity",
        "activity",
        "activities",
        "跟进记录",
        standing=True,
        prefix="A-",
        parent="deal",
        about="customer",
        owner="who",
        title="kind || ' · ' || text",
        searched=("text", "external_id"),
    ),
    Noun(
        "follow:Task",
        "task",
        "tasks",
        "任务",
        standing=True,
        prefix="T-",
        parent="deal",
        about="customer",
        owner="assignee",
        title="title",
        live="state = 'open'",
        stages=("must",),
        searched=("title", "external_id"),
        said=("reason",),
    ),
    Noun(
        "follow:Proposal",
        "proposal",
        "proposals",
        "建议",
        standing=True,
        prefix="S-",
        about="deal",
        owner="created_by",
        title="noun || ' · ' || source",
        live="state = 'open'",
    ),
    Noun(
        "follow:Match",
        "match",
        "matches",
        "疑似重复",
        standing=True,
        prefix="M-",
        owner="created_by",
        table="alike",
        title="noun || ' · ' || rule",
        live="state = 'open'",
    ),
    Noun(
        "follow:Watch",
        "watch",
        "watches",
        "关注",
        standing=True,
        prefix="W-",
        owner="login",
        title="login || ' · ' || noun",
    ),
    Noun(
        "people:Delegation",
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
        "versions:PolicyVersion",
        "policy",
        "policies",
        "制度",
        listing="policy history",
        public=True,
        key="hash",
        title="name",
    ),
    Noun(
        "requests:Request",
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
        "requests:Notice",
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
        "deliveries:Delivery",
        "delivery",
        "deliveries",
        "信件",
        owner="to",
        title="channel || ' · ' || \"to\"",
        live="state IN ('waiting', 'sending')",
    ),
    Noun(
        "saved:View",
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
        "saved:Mapping",
        "mapping",
        "mappings",
        "对照表",
        standing=True,
        public=True,
        key="name",
        owner="saved_by",
        title="name",
    ),
)
"""In the order in which they may be written: what a noun refers to stands before it."""
ENTRY = Noun(
    "journal:Entry", "entry", "journal", "留痕", listing="log", prefix="e", table="journal", key="seq", title="action"
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
