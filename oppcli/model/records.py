"""What records have in common: what the registry says of each kind (`oppcli.model.nouns`), whether they count (their
standing), and the folded text that a search looks into. Nothing is imported: every command reads this.

live, archived; withdrawn: taken back, counts nowhere, not as lost; merged: another record stands for it.
"""

LIVE, ARCHIVED, WITHDRAWN, MERGED = "live", "archived", "withdrawn", "merged"
STANDINGS = (LIVE, ARCHIVED, WITHDRAWN, MERGED)

SHOWN = (LIVE,)
"""What lists show, and what is a candidate for anything."""
COUNTED = (LIVE, ARCHIVED)
"""What figures count."""
KEPT = (LIVE, ARCHIVED, MERGED)
"""What keeps its name and external id to itself: a withdrawn record gives them free."""
ANY = STANDINGS
"""What a single thing, its history and the journal are read with."""

ERASED = "(erased)"
"""What stands in place of a text that was erased for good."""


def folded(text: str) -> str:
    """`ＭＥＳ Ⅱ` is `mes ii`; what is typed is folded the same way before the two are compared."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", text).casefold())


def search_key(*texts: str | None) -> str:
    """The folded texts, one per line; those that are not there are left out."""
    return "\n".join([folded(text) for text in texts if text])


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
