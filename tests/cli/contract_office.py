"""Who negotiates contracts, under a policy that knows them."""

from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Talks"
[[stage]]
name = "Signing"
[[stage]]
name = "Won"
kind = "won"
enter = ["contract.signed"]
[[stage]]
name = "Lost"
kind = "lost"
[roles]
legal = { who = [] }
finance = { who = [] }
[contract]
approval = "contract"
file = "text"
clauses = [
  { name = "Payment", who = "role:finance" },
  { name = "Liability", who = "role:legal" },
  { name = "Export", who = "role:legal", when = "product == 'MES'" },
]
[type.contract]
needs = ["contract"]
material = ["contract"]
[[type.contract.step]]
name = "Legal"
who = "role:legal"
approve_needs = ["clauses"]
[gate]
Signing = ["contract"]
""",
    name="Contracts",
    fallback="user:boss",
)
FIRST, LATER = "2026-03-02T09:00:00+08:00", "2026-03-20T09:00:00+08:00"


class Team:
    """boss; lan and leo of legal, fay of finance, and li, who sells."""

    def __init__(self, opp: InProcess, policy: str = POLICY) -> None:
        self.opp, self.now = opp, FIRST
        (opp.folder / "policy.toml").write_text(policy, encoding="utf-8")
        self.write("v1.docx", "90 days")
        self.write("v2.docx", "60 days")
        self.write("scan.pdf", "signed")
        self("root", "init --policy policy.toml")
        for line in (
            "boss --role manager",
            "lan --role legal",
            "leo --role legal",
            "fay --role finance",
            "li --manager boss",
        ):
            self("root", f"user add {line}")
        self("li", "add 'Line 3' --customer Acme --amount 800000 --set product=CRM")

    def write(self, name: str, text: str) -> None:
        (self.opp.folder / name).write_text(text, encoding="utf-8")

    def __call__(self, who: str, line: str) -> Answer:
        return self.opp.ok(line, user=who, now=self.now)

    def no(self, who: str, line: str, code: int) -> str:
        answer = self.opp(line, user=who, now=self.now)
        assert answer.code == code, f"{line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer.err

    def state(self) -> list[object]:
        found = self("li", "contract list -o json").json[0]
        return [found[name] for name in ("version", "state", "amount", "clauses_open")]

    def answered(self) -> None:
        self("fay", "contract clause D-1 Payment --ok")
        self("lan", "contract clause D-1 Liability --deviates -m 'capped at 50 %'")

    def approved(self) -> None:
        self("li", "contract add D-1 v1.docx --amount 811500 --start 2026-04-01 --end 2027-03-31")
        self("li", "submit D-1 contract")
        self.answered()
        self("leo", "approve R-1")
