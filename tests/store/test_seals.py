"""What is personal in an entry is hashed as a salted seal: by every way of writing, on both engines."""

import hmac
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oppcli import store
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.model.requests import Request, Revision
from oppcli.store import erasing, journal, seals
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.mapping import compact

COPY = {"name": "＃", "note": 'a "quoted" \\ text\n', "title": "电话 138-0000-0000"}


def by_the_book(changes: str, meta: str, salt: str) -> str:
    """The text that is hashed, as docs/trust.md defines it, with nothing of the program's."""
    found = json.loads(changes)
    for path in json.loads(meta)["sealed"]:
        at, inside = path, list[str]()
        while at not in found:
            at, _, last = at.rpartition(".")
            inside.insert(0, last)
        found[at] = [_sealed(side, inside, path, bytes.fromhex(salt)) for side in found[at]]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _sealed(value: Any, inside: list[str], path: str, key: bytes) -> Any:
    if inside:
        inner = value.get(inside[0]) if isinstance(value, dict) else None
        return value if inner is None else {**value, inside[0]: _sealed(inner, inside[1:], path, key)}
    if value is None:
        return None
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "~" + hmac.new(key, f"{path}\n{told}".encode(), "sha256").hexdigest()


def sealed(door: ReadDoor) -> dict[int, tuple[str, str, str, list[str]]]:
    """seq → changes, meta, salt, sealed paths of every entry with a salt."""
    rows = door.rows("SELECT seq, changes, meta, salt FROM journal WHERE salt IS NOT NULL ORDER BY seq")
    return {seq: (changes, meta, salt, json.loads(meta)["sealed"]) for seq, changes, meta, salt in rows}


def everything(door: WriteDoor) -> None:
    """A customer, deals, a file, a notice, a request with what was shown: by every way of writing."""
    made.team(door)
    door.derive(seals.OWN_PERSONAL, '["wechat","born"]')
    customer = door.add(Customer(name=COPY["name"], key="#"))
    extra = {"wechat": "wx_138", "line": "离散", "born": None}
    deal = replace(made.DEAL, title=COPY["title"], customer_id=customer.id, extra=extra)
    deal = door.add(deal)
    deal = door.save(
        deal, replace(deal, close_detail="call 王总", extra={**extra, "wechat": None, "born": "1970-01-01"})
    )
    door.add_many([replace(deal, id=0, title=f"{COPY['title']} {n}", version=1) for n in range(3)])
    bulk = door.bulk(Deal, ("stage", "close_detail", "extra"), {"title": "甲"})
    bulk.add([("线索", None, {"wechat": "wx"}), ("线索", "他们自己说的", {})])
    door.add(File(deal_id=deal.id, kind="合同", name="王总.pdf", size=1, sha256="0" * 64, path="/王总.pdf"))
    shown = Revision(
        number=1, snapshot={"customer": "上海", "amount": "1", "wechat": "wx", "born": None}, at=1, editor="li"
    )
    request = door.add(
        Request(deal_id=deal.id, type="quote", submitted_by="li", submitted_at=1, note=COPY["note"], revisions=(shown,))
    )
    second = replace(shown, number=2, snapshot={"customer": "北京"})
    door.save(request, replace(request, revision=2, revisions=(shown, second)))
    door.add_many([Notice(to="li", kind="opened", deal_id=deal.id, text="R-1 for 上海")])


PATHS = [
    ("name", "key"),
    ("title", "extra.wechat"),
    ("close_detail", "extra.wechat", "extra.born"),
    *(("title", "close_detail", "extra.born"),) * 3,
    ("title", "extra.wechat"),
    ("title", "close_detail"),
    ("name", "path"),
    ("note", "revisions.1.snapshot.customer", "revisions.1.snapshot.wechat"),
    ("revisions.2.snapshot.customer",),
    ("text",),
]


def test_every_way_of_writing_seals_what_is_personal_and_the_chain_is_of_the_seals(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        everything(door)
    with store.open_read(db_url) as reader:
        found = sealed(reader)
        assert [set(paths) for *_, paths in found.values()] == [set(paths) for paths in PATHS]
        assert erasing.proof(reader).fault is None
        rows = {row[0]: row for row in reader.rows(journal.SELECT)}
        wanted = {seq: by_the_book(changes, meta, salt) for seq, (changes, meta, salt, _) in found.items()}
        assert {seq: journal.text_of(rows[seq]).split("\n")[9] for seq in found} == wanted
        assert len({salt for _, _, salt, _ in found.values()}) == len(found)
        assert all("~" not in changes for changes, *_ in found.values())


def test_nothing_personal_needs_no_salt_and_no_word_in_meta(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
        door.save(deal, replace(deal, amount=1))
        entry = door.entries[-1]
        team = door.rows("SELECT salt, meta FROM journal WHERE noun = 'user'")
    assert (entry.salt, "sealed" in entry.meta) == (None, False)
    assert [(salt, "sealed" in meta) for salt, meta in team] == [(None, False)] * 2


TAMPERED = [
    "UPDATE journal SET changes = replace(changes, '138-0000', '138-0001') WHERE seq = :seq",
    "UPDATE journal SET changes = replace(changes, '80000000', '90000000') WHERE seq = :seq",
    "UPDATE journal SET salt = '00000000000000000000000000000000' WHERE seq = :seq",
    "UPDATE journal SET salt = 'none' WHERE seq = :seq",
    "UPDATE journal SET salt = NULL WHERE seq = :seq",
    "UPDATE journal SET changes = replace(changes, 'title', 'titel') WHERE seq = :seq",
    "UPDATE journal SET changes = '[]' WHERE seq = :seq",
    "UPDATE journal SET changes = '{\"title\": 7}' WHERE seq = :seq",
]


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_sealed_entry_that_was_changed_is_found(db_url: str, stamp: Stamp, statement: str) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        deal = door.add(replace(made.DEAL, title=COPY["title"]))
        seq = door.entries[-1].seq
        assert (deal.title, "sealed" in door.entries[-1].meta) == (COPY["title"], True)
        door._execute(statement, seq=seq)  # type: ignore[attr-defined]
        assert erasing.proof(door).fault == (seq, "was changed after it was written")


PAIR = st.lists(st.one_of(st.none(), st.text(max_size=20)), min_size=2, max_size=2)
SNAPSHOT = st.dictionaries(st.sampled_from(["customer", "title", "amount", "line"]), st.text(max_size=9))
CHANGES = st.one_of(
    st.tuples(st.just("deal"), st.dictionaries(st.sampled_from(["title", "extra.wx", "region", "tags"]), PAIR)),
    st.tuples(st.just("customer"), st.dictionaries(st.sampled_from(["name", "key", "standing"]), PAIR)),
    st.tuples(
        st.just("request"),
        st.fixed_dictionaries(
            {"revisions.1": st.tuples(st.none(), st.fixed_dictionaries({"snapshot": SNAPSHOT, "at": st.integers()}))},
            optional={"note": PAIR, "revisions.2.snapshot": st.tuples(SNAPSHOT, SNAPSHOT)},
        ),
    ),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_whatever_the_texts_are_the_hashed_text_is_that_of_the_definition(told: tuple[str, Mapping[str, Any]]) -> None:
    word, given_changes = told
    changes = json.loads(compact(dict(given_changes)))
    paths = seals.personal(word, changes, ("wx",))
    (salt,) = seals.fresh(1)
    text = compact(changes)
    hashed = seals.hashed(text, changes, paths, salt)
    assert hashed == by_the_book(text, compact({"sealed": paths}), salt)
    assert (hashed == text) == (not paths)
    erased = seals.legible(json.loads(hashed), {"sealed": paths}, None)
    assert erased == seals.swapped(changes, paths, lambda _, value: "(erased)")


def test_a_seal_is_hmac_as_every_library_has_it() -> None:
    salt = bytes(range(16))
    wanted = hmac.new(salt, b'extra.phone\n"13800000000"', "sha256").hexdigest()
    assert seals.sealer(salt)("extra.phone", '"13800000000"') == f"~{wanted}"


TEXT = st.text(min_size=6, max_size=30).filter(lambda text: "\0" not in text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXT, min_size=4, max_size=4), st.integers(0, 3))
def test_whatever_the_texts_are_an_erasure_leaves_none_of_them_and_the_chain_holds(
    new_file: Path, texts: list[str], which: int
) -> None:
    title, step, name, wechat = (f"§{place}{text}" for place, text in enumerate(texts))
    with TemporaryDirectory() as folder:
        url = str(shutil.copy(new_file, Path(folder) / "opp.db"))
        with store.open_write(url, Stamp(actor="wang", now=1)) as door:
            made.team(door)
            door.derive(seals.OWN_PERSONAL, '["wechat"]')
            deal = door.add(replace(made.DEAL, title=title, extra={"wechat": wechat}))
            door.save(deal, replace(deal, close_detail=step, amount=which))
            door.add(File(deal_id=deal.id, kind="id", name=name, size=1, sha256="0" * 64, path=f"/{name}"))
            heads = door.rows("SELECT seq, hash FROM journal ORDER BY seq")
            taken = erasing.take_out(door, {"deal": ["1"], "file": ["1"]})
            assert (taken.entries, taken.vouches, taken.kept) == (3, {}, ())
            assert taken.values == {title, step, name, f"/{name}", wechat}
            assert door.rows("SELECT seq, hash FROM journal ORDER BY seq") == heads
            assert erasing.proof(door).fault is None
            held = "".join(row[0] for row in door.rows("SELECT changes || meta FROM journal WHERE noun <> 'user'"))
        assert [text for text in (title, step, name, wechat) if compact(text)[1:-1] in held] == []


def lengths(texts: Sequence[str]) -> set[int]:
    return {len(text) for text in texts}


def test_the_same_text_never_has_the_same_seal_twice(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        for _ in range(2):
            door.add(Notice(to="li", kind="opened", text="13800000000"))
        found = sealed(door)
    texts = [by_the_book(changes, meta, salt) for changes, meta, salt, _ in found.values()]
    assert (len(set(texts)), lengths(texts)) == (2, {len(texts[0])})
