"""What commands there are, where each lives, and what else they are called."""

from oppcli.tuples import NamedTuple


class Place(NamedTuple):
    """Where a command lives: its module below `oppcli.cli` (none for what the catalogue of reads has), and what
    `opp --help` says of it."""

    module: str
    help: str
    section: str = ""


SECTIONS = SALES, APPROVALS, REPORTS, DATA, SYSTEM = "Pipeline", "Approvals", "Reports", "Data", "System"
TREE: dict[str, Place] = {
    "init": Place("init", "make a database with a policy and you as its first user", SYSTEM),
    "demo": Place("demo", "a made-up team with months of history, and its reports", SYSTEM),
    "lead": Place("lead", "capture and qualify: add list qualify reject", SALES),
    "deal": Place("deal", "list show edit advance win lose reopen assign attach link rival history", SALES),
    "note": Place("note", "a call, a visit, a mail in one line, and when to be in touch again", SALES),
    "mail": Place("mail", "take mails in: on the deal of who wrote, else as a proposal", SALES),
    "task": Place("task", "promises: add list done edit decline waive cancel", SALES),
    "activity": Place("activity", "what was noted: list edit", SALES),
    "customer": Place("customer", "add list show edit erase", SALES),
    "contact": Place("contact", "people of customers: add list show edit", SALES),
    "fact": Place("fact", "what is known of customers, each with its source and day: set list fetch", SALES),
    "payment": Place("payment", "what is due and what came: list plan received void", SALES),
    "show": Place("", "a card of whatever a reference names: what is set, what it needs, what belongs to it", SALES),
    "next": Place("", "what waits for you, the most urgent first, each with its command", SALES),
    "board": Place("", "every open deal in its stage, who has to act next, how long already", SALES),
    "gate": Place("", "everything a deal still needs, each with the command that does it", SALES),
    "proposal": Place("proposal", "what machines propose: list show accept decline", SALES),
    "request": Place("request", "ask for approval and decide: plan submit approve reject return recall", APPROVALS),
    "inbox": Place("", "what waits for your decision", APPROVALS),
    "delegate": Place("delegate", "let somebody decide for you: add list end", APPROVALS),
    "tick": Place("tick", "reminders, escalations, expiry; idempotent, for cron", APPROVALS),
    "notices": Place("notices", "what people are told: list channels send test retry", APPROVALS),
    "policy": Place("policy", "check apply edit show explain history simulate diff templates", APPROVALS),
    "report": Place("report", "funnel, durations, overdue and the others", REPORTS),
    "pack": Place("", "a meeting on one page: changes, won and lost, late, stuck, forecast", REPORTS),
    "import": Place("imports", "read another program's file of deals, people or approvals", DATA),
    "view": Place("view", "a read with its flags under a name: save list run drop", REPORTS),
    "mapping": Place("mapping", "which column of such a file is what: list show drop", DATA),
    "rate": Place("rate", "what currencies are worth in each other, by the day: add list", DATA),
    "cost": Place("cost", "what was spent on sources of leads: add list", DATA),
    "target": Place("target", "what people, teams and the company are to reach in a month: set list", REPORTS),
    "forecast": Place(
        "forecast", "what months bring if, as judged and submitted: adjust submit list show whatif", REPORTS
    ),
    "points": Place("points", "what people were given points for: give list", REPORTS),
    "export": Place("", "deals, visits, requests, journal as CSV or JSON", DATA),
    "quote": Place("quote", "what a deal is offered for: set line edit revise use send accept show list", SALES),
    "contract": Place("contract", "what is agreed on a deal: add clause sign show list", SALES),
    "price": Place("price", "the price list: list set", SALES),
    "claim": Place("claim", "make a deal or a customer yours that is nobody's", SALES),
    "bundle": Place("bundle", "a deal in one file for the archive, readable without the program", DATA),
    "undo": Place("undo", "take back what a command line did, where nothing changed since", DATA),
    "withdraw": Place("records", "take back a deal, customer, contact, note or task that should not be there", DATA),
    "restore": Place("records", "give back what was withdrawn or archived", DATA),
    "merge": Place("records", "make one of several customers, contacts or deals", DATA),
    "unmerge": Place("records", "take a merge back", DATA),
    "dupes": Place("dupes", "records that may be one: list keep", DATA),
    "fields": Place("", "what a deal, a customer, a request has: types, units, limits", REPORTS),
    "timeline": Place("", "all that happened with a deal, a customer, a contact, in one order", SALES),
    "log": Place("", "the journal, readable", REPORTS),
    "sql": Place("", "ask in SQL, over documented views; only reads", REPORTS),
    "mcp": Place("mcp", "serve an agent on stdin and stdout (MCP); it decides nothing", DATA),
    "audit": Place("audit", "verify anchor files mine risks", DATA),
    "user": Place("user", "add list show edit pin deactivate whoami", SYSTEM),
    "login": Place("login", "be known in this terminal by your PIN", SYSTEM),
    "lock": Place("login", "end this terminal's session", SYSTEM),
    "db": Place("db", "path info upgrade check backup diff clock restore grants", SYSTEM),
    "config": Place("config", "list get set path", SYSTEM),
    "completion": Place("completion", "completion for bash, zsh, fish, PowerShell", SYSTEM),
    "doctor": Place("", "is everything in order here?", SYSTEM),
    "help": Place("help", "commands, words, and pages on what many commands share", SYSTEM),
}
SHORTCUTS: dict[str, tuple[str, str]] = {
    "add": ("lead", "add"),
    "ls": ("deal", "list"),
    "advance": ("deal", "advance"),
    "win": ("deal", "win"),
    "lose": ("deal", "lose"),
    "submit": ("request", "submit"),
    "approve": ("request", "approve"),
    "reject": ("request", "reject"),
    "due": ("report", "overdue"),
    "done": ("task", "done"),
}
SYNONYMS = {"create": "add", "new": "add", "view": "show", "move": "advance", "ls": "list"}
