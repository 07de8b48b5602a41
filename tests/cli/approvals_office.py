"""A team with a policy, typed as commands, for stories about requests."""

from pathlib import Path
from typing import Any

from command_line import Answer, InProcess

POLICY = """
[policy]
name = "测试"
currency = "CNY"
calendar = "cn"
fallback = "role:ops"

[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
kind = "open"
[[stage]]
name = "谈判"
kind = "open"
[[stage]]
name = "签约"
kind = "open"
[[stage]]
name = "赢单"
kind = "won"
probability = 100
[[stage]]
name = "输单"
kind = "lost"

[roles]
ops = ["tang"]
finance = ["chen", "zhao"]
legal = ["qian"]
tech = ["lin", "gao", "xu"]

[defaults]
sla = "8h"
remind = ["50%"]
escalate = [{ after = "0h", to = "manager", do = "notify" }, { after = "8h", to = "role:ops", do = "add" }]

[type.quote]
title = "报价审批"
when = "amount >= 20万 or discount > 10"
needs = ["amount", "discount"]
material = ["amount", "discount"]
tolerance = { amount = "2%" }
[[type.quote.step]]
name = "销售主管"
who = "manager"
[[type.quote.step]]
name = "大区总监"
when = "amount >= 50万 or discount > 15"
who = "manager+1"

[type.risk]
title = "风控审批"
needs = ["amount"]
material = ["amount"]
[[type.risk.step]]
name = "财务"
together = "会审"
who = "role:finance"
[[type.risk.step]]
name = "法务"
together = "会审"
who = "role:legal"

[type.tech]
title = "技术评审"
material = ["amount"]
bulk = false
[[type.tech.step]]
name = "技术"
who = "role:tech"
rule = "at least 2"
veto = ["user:lin"]

[gate]
"谈判" = ["quote"]
"签约" = ["quote", "risk"]

[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-12:00", "13:00-18:00"]
holidays = ["2026-10-01..2026-10-07", "2027-01-01"]
workdays = ["2026-10-10"]
"""
PEOPLE = {
    "ma": (None, "manager"),
    "zhou": ("ma", "manager"),
    "wang": ("zhou", "manager"),
    "li": ("wang", "sales"),
    "chen": ("ma", "finance"),
    "zhao": ("chen", "finance"),
    "qian": ("ma", "legal"),
    "lin": ("ma", "tech"),
    "gao": ("lin", "tech"),
    "xu": ("lin", "tech"),
    "tang": ("ma", "ops"),
}
MONDAY = "2026-03-09T09:00:00+08:00"


class Office:
    """`office("li", "request submit D-1 quote")` at a time; the clock stands still until told."""

    def __init__(self, opp: InProcess, policy: str = POLICY, now: str = MONDAY) -> None:
        self.opp = opp
        self.now = now
        file = Path(opp.folder) / "policy.toml"
        file.write_text(policy, encoding="utf-8")
        opp.ok(f"init --policy {file}", user="root", now=now)
        for login, (manager, role) in PEOPLE.items():
            line = f"user add {login} --role {role}" + (f" --manager {manager}" if manager else "")
            opp.ok(line, user="root", now=now)

    def __call__(self, who: str, line: str, *, at: str | None = None) -> Answer:
        """`at` is a time of March 2026, `10 11:30`."""
        return self.opp(line, user=who, now=instant(at) if at else self.now)

    def ok(self, who: str, line: str, *, at: str | None = None) -> Answer:
        answer = self(who, line, at=at)
        assert answer.code == 0, f"{line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer

    def deal(self, amount: str = "800000", discount: str = "5", title: str = "上海精密仪器") -> None:
        """A deal of li's in 方案."""
        self.ok("li", f"lead add {title} --customer {title} --amount {amount} --set discount={discount}")
        self.ok("li", "lead qualify D-1")

    def request(self, number: int = 1, *, at: str | None = None) -> Any:
        return self.ok("li", f"request show R-{number} -o json", at=at).json


def instant(text: str) -> str:
    day, time = text.split()
    return f"2026-03-{day}T{time}:00+08:00"
