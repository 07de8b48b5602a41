"""A small team's policy and mapping that the tests of importing share, and the files they make."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

POLICY = """
[policy]
name     = "测试"
currency = "EUR"
calendar = "office"
fallback = "role:admin"

[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "报价"
[[stage]]
name = "谈判"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"

[lost]
reasons = ["price", "timing"]

[fields.source]
values = ["web", "fair"]
[fields.line]
title  = "Line"
values = ["A", "B"]
[fields.headcount]
type = "int"
min  = 1

[type.discount]
title    = "Discount"
when     = "discount > 10"
needs    = ["amount", "discount"]
material = ["amount", "discount"]
[[type.discount.step]]
name = "boss"
who  = "role:admin"

[gate]
"赢单" = ["discount"]

[calendar.office]
timezone = "Asia/Shanghai"
mon_fri  = ["09:00-17:00"]
"""

MAPPING = """
system = "old crm"

[fields]
external_id  = "id"
title        = "title"
customer     = { column = "customer", create = true }
owner        = { column = "owner", create = true }
stage        = { column = "stage", values = { talks = "谈判" } }
amount       = "amount"
source       = "source"
line         = "line"
close_reason = "reason"

[entered]
"线索" = "created"
"报价" = "offered"
"赢单" = "closed"
"输单" = "closed"
"""

HEADER = "id,title,customer,owner,stage,amount,source,line,reason,created,offered,closed"
GOOD = (
    "1,MES 二期,上海精密,Li Lei,报价,800000,web,A,,2025-11-03,2025-12-01,",
    "2,Retrofit,Acme,Han Mei,赢单,1200.50,fair,B,,2025-10-01,2025-11-01,2025-12-24",
    "3,Spares,ACME,Li Lei,输单,0,,,price,,2025-10-05,2025-10-06",
    "4,New plant,,,talks,,,,,,,",
)


def table(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "".join(f"{row}\n" for row in (header, *rows)).encode(encoding)


class House:
    """A database with the policy, and files beside it."""

    def __init__(self, opp: Callable[..., Any], folder: Path) -> None:
        self.opp, self.folder = opp, folder
        (folder / "policy.toml").write_text(POLICY, "utf-8")
        (folder / "mapping.toml").write_text(MAPPING, "utf-8")

    def begin(self, db: str | None = None) -> "House":
        self.env = {"OPP_DB": db} if db else None
        assert self.run("init --policy policy.toml").code == 0
        return self

    def run(self, *words: str, **given: Any) -> Any:
        return self.opp(*words, env=self.env, **given)

    def load(self, content: bytes | tuple[str, ...], *flags: str, file: str = "deals.csv", mapping: str = "") -> Any:
        """Import rows (or bytes) through the mapping (or another text)."""
        raw = content if isinstance(content, bytes) else table(*content)
        (self.folder / file).write_bytes(raw)
        if mapping:
            (self.folder / "other.toml").write_text(mapping, "utf-8")
        return self.run("import", file, "--mapping", "other.toml" if mapping else "mapping.toml", *flags)

    def rejects(self, file: str = "deals.csv") -> list[tuple[str, str]]:
        """Line and error of every rejected row."""
        with (self.folder / f"{file}.rejects.csv").open(encoding="utf-8", newline="") as stream:
            return [(row["_line"], row["_error"]) for row in csv.DictReader(stream, delimiter=self.delimiter(stream))]

    @staticmethod
    def delimiter(stream: Any) -> str:
        first = stream.readline()
        stream.seek(0)
        return ";" if '";"' in first else ","

    def deals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run("deal list -o json").json
        return found

    def visits(self) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.run("export visits -o json").json]

    def entries(self) -> int:
        return len(self.run("export journal -o json").json)
