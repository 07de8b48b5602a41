"""One of several people who work at the same time, each in a process: `python eight.py FOLDER LOGIN SECONDS SEED`.

Types lines in this process until the time is over and tells, a line of JSON each, what was acknowledged."""

import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from command_line import InProcess

DEALS = 12
READS = (
    "ls --json",
    "next",
    "inbox --json",
    "report funnel --csv",
    "report overdue --csv",
    "show D-{deal}",
    "log -L 5",
)


class Person:
    """Somebody who works, and what came of each line."""

    def __init__(self, opp: InProcess, login: str, seed: int) -> None:
        self.opp, self.login, self.seed, self.n = opp, login, seed, 0
        self.dice = random.Random(seed)
        self.mine: list[str] = []
        self.asked: list[str] = []

    def word(self) -> str:
        """A word that nobody else writes."""
        self.n += 1
        return f"w{self.seed}x{self.n}"

    def do(self) -> None:
        often = {self.add: 10, self.note: 10, self.edit: 20, self.task: 8, self.advance: 8, self.ask: 8}
        often |= {self.decide: 10, self.pay: 5, self.read: 20, self.tick: 1}
        self.dice.choices([*often], [*often.values()])[0]()

    def say(self, what: str, line: str, word: str = "") -> str:
        answer = self.opp(line, user=self.login)
        told = {"what": what, "code": answer.code, "word": word, "id": answer.out.strip()[:40]}
        if answer.code not in (0, 10):
            told["err"] = answer.err[:300]
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return answer.out.strip() if answer.code == 0 else ""

    def deal(self) -> str:
        """One of everybody's, or one of one's own."""
        if self.mine and self.dice.random() < 0.5:
            return self.dice.choice(self.mine)
        return f"D-{self.dice.randint(1, DEALS)}"

    def add(self) -> None:
        if made := self.say(
            "add", f"-q add {(word := self.word())} --customer 客户{self.dice.randint(1, 9)} --amount 5000", word
        ):
            self.mine.append(made)

    def note(self) -> None:
        self.say("note", f"-q note {self.deal()} {(word := self.word())}", word)

    def edit(self) -> None:
        self.say("edit", f"deal edit {self.deal()} --set next_step={(word := self.word())}", word)

    def task(self) -> None:
        self.say("task", f"-q task add {(word := self.word())} --for {self.deal()} --due +2d", word)

    def advance(self) -> None:
        self.say("advance", f"advance {self.deal()}")

    def ask(self) -> None:
        if made := self.say("ask", f"-q submit {self.deal()} risk -m {(word := self.word())}", word):
            self.asked.append(made)

    def decide(self) -> None:
        waits = self.opp("inbox --ids", user=self.login).out.split()
        if waits:
            word, verb = self.word(), self.dice.choice(("approve", "reject", "approve"))
            self.say("decide", f"{verb} {self.dice.choice(waits)} -m {word}", word)

    def pay(self) -> None:
        self.say("pay", f"-q payment received {self.deal()} 10 --ref {(word := self.word())}", word)

    def read(self) -> None:
        self.say("read", self.dice.choice(READS).format(deal=self.dice.randint(1, DEALS)))

    def tick(self) -> None:
        self.say("tick", "tick")


def main() -> None:
    folder, login, seconds, seed, address = sys.argv[1:]
    opp = InProcess(Path(folder))
    opp.env["OPP_DB"] = address
    del opp.env["OPP_NOW"]
    opp.env["OPP_WAIT"] = "60"
    person, until = Person(opp, login, int(seed)), time.monotonic() + float(seconds)
    while time.monotonic() < until:
        person.do()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
