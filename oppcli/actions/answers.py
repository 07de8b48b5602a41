"""An answer from away, taken: whose it is, whether it may count, then the verb itself by the way of all decisions."""

from typing import Any

from oppcli.actions import codes
from oppcli.actions.act import Act
from oppcli.actions.attempts import attempted
from oppcli.actions.outcome import Outcome
from oppcli.actions.requests import verbs
from oppcli.actions.sights import sight_of_known
from oppcli.errors import Conflict, NotAllowed, OppError, Refused, StoreError, UsageError
from oppcli.files.answers import Sent, is_vouched
from oppcli.model.codes import MAIL, PACKET, Code
from oppcli.model.command import command
from oppcli.model.journal import CLAIM
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVE, Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.rules import answers, identity
from oppcli.rules.approvals import asking
from oppcli.rules.approvals.authority import chances, objections, refuse
from oppcli.rules.approvals.seating import settle
from oppcli.rules.bases import CODE, KEY, vouched
from oppcli.store import credentials
from oppcli.tuples import NamedTuple
from oppcli.words.normal import mail
from oppcli.words.verdicts import VERDICTS

BAD = "bad_code"
GUESSES, GUESSING_MS = 10, HOUR_MS
"""So many bad codes within so long end all of the person's."""


class Proof(NamedTuple):
    """A signature that lay beside an answer."""

    login: str | None
    """Whose key made it over these very bytes; None for nobody's."""
    key: str = ""
    """That key, as it was when it was checked."""


def take(act: Act, sent: Sent, *, proof: Proof | None = None, server: str | None = None) -> Outcome | OppError:
    """What came of it. A refusal is returned, not raised: it is journalled and told to the person in this transaction.

    `server` is the mail server whose word on the sender counts, where one is named. Refused to who is no user."""
    act.require_anybody("mail", say("take mails"))
    if sent.machine:
        return Outcome(done=(say("an answer left out: a machine sent it"),))
    door, runner = act.door, act.door.stamp
    sight = door.sight
    found: Code | None = None
    try:
        with door.whole():
            found = _code(act, sent, proof)
            return _taken(act, sent, found, proof, server)
    except StoreError:
        raise
    except OppError as refusal:
        door.begin(replace(runner, run=door.run))
        _refused(act, sent, found, refusal)
        return refusal
    finally:
        door.sight = sight


def turned_down(act: Act, sent: Sent, proof: Proof | None, refusal: OppError) -> None:
    """The same of an answer that was refused before it was committed, by a hook."""
    _refused(act, sent, _code(act, sent, proof), refusal)


def _taken(act: Act, sent: Sent, code: Code, proof: Proof | None, server: str | None) -> Outcome:
    by = KEY if proof is not None else CODE
    _require_sender(act, sent, code, proof, server)
    if by == CODE and identity.read(act.door.scope).proof != CLAIM:
        raise NotAllowed(
            say("the policy wants proof of decisions: an answer of {login} has to be signed", login=code.login),
            hint=command("user", "edit", code.login, "--answer-key", "FILE", ready=False),
            slug="proof_wanted",
        )
    if code.spent_at is not None:
        if code.answer == sent.digest:
            return Outcome(done=(say("{request}: taken before", request=ref("request", code.request_id)),))
        raise Conflict(say("the code was spent {at}", at=_at(act, code.spent_at)), slug="code_spent")
    if code.ends_at <= act.now:
        told = say("the code ended {at}: its time was over, or a newer one was given", at=_at(act, code.ends_at))
        raise Conflict(told, slug="code_expired")
    return _decided(act, sent, code, by)


def _decided(act: Act, sent: Sent, code: Code, by: str) -> Outcome:
    """The decision, as the person's, and the code spent. The mail's own time is a claim, and kept as one."""
    door, answer = act.door, _whole(sent)
    way = PACKET if sent.senders is None else MAIL
    line = say("request {verb}", verb=Word("verb", answer.verb or ""))
    stamp = replace(door.stamp, actor=code.login, by=by, sign=None, channel=way, command=line, run_by=act.by)
    door.begin(replace(stamp, run=door.run))
    door.sight = sight_of_known(door, code.login, act.now)
    done = _by(act.anew(), answer, code)
    meta = {"message_id": sent.message_id or None, "written": sent.at, "answer": way}
    kept = {name: value for name, value in meta.items() if value is not None}
    door.save(code, replace(code, spent_at=act.now, answer=sent.digest), action="spend", meta=kept)
    outcome = done.outcome
    _tell(act, code.login, say("your answer was taken: {what}", what=outcome.done[0]), code.request_id)
    told = say("{what}, by {who}", what=outcome.done[0], who=vouched(code.login, by))
    return Outcome(done=(told,), ids=outcome.ids, details=outcome.details)


def _by(theirs: Act, answer: answers.Answer, code: Code) -> verbs.Done:
    """The verb by the person of this act. Refused as it is at the terminal, and for a way that is closed by now."""
    name = ref("request", code.request_id)
    request, world = verbs.read(theirs, name)
    if not codes.takes(theirs.policy, request, code.kind):
        closed = say("{type} is not decided this way any more", type=request.named_type)
        raise NotAllowed(closed, hint=command("request", "show", name))
    live = settle(request, world).request
    step = next((each.name for each in live.steps if (each.revision, each.position) == (code.revision, code.step)), "")
    found = objections(live, world, theirs.by, revision=code.revision)
    if found:
        raise refuse(live, found)
    seats = {(each.step.position, each.seat.number) for each in chances(live, world, theirs.by)}
    if (code.step, code.seat) not in seats:
        raise Conflict(say("the seat that the code was for waits no more"), slug="code_expired")
    if answer.verb == answers.ASK:
        past = say("asked")
        text = answer.text
        return verbs.change(theirs, name, "ask", lambda r, w: asking.ask(r, w, theirs.by, text, step=step), past=past)
    verdict = answer.verb or APPROVE
    given: dict[str, Any] = {"reason": answer.text or None, "revision": code.revision, "step": step}
    if answer.rest:
        given["code"] = answer.rest
    return verbs.decide(theirs, name, verdict, **given)


def _whole(sent: Sent) -> answers.Answer:
    """The answer. Refused (2) without a verb, in HTML alone, and with more in its first line than belongs there."""
    answer, lines = sent.answer, listed((word for words in VERDICTS.values() for word in words), ", ")
    if sent.formatted:
        raise UsageError(say("an answer is read as plain text, and this mail has none"))
    if answer.verb is None:
        raise UsageError(say("the first line of an answer is one of {words}, and the code", words=lines))
    if answer.rest and answer.verb in (APPROVE, answers.ASK):
        told = say(
            "{rest!r} stands behind the verb: what is said goes into the lines below",
            rest=answers.masked(answer.rest)[:80],
        )
        raise UsageError(told)
    return answer


def _code(act: Act, sent: Sent, proof: Proof | None) -> Code:
    """The code that an answer has. Refused (4) for none that was given, and (5) where several stand further down."""
    answer = sent.answer
    if answer.code is not None:
        found = act.door.find(Code, hash=answers.digest(answer.code))
    elif proof is not None and answer.shown:
        about = answer.shown[0]
        same = {"request_id": about.request, "revision": about.revision, "shown": about.digest}
        found = _next(act.door.find(Code, login=proof.login or "", **same), sent.digest, act.now)
    else:
        whose = {} if sent.senders is None else {"login": [user.login for user in _writers(act, sent)]}
        quoted = [answers.digest(code) for code in answer.quoted]
        found = act.door.find(Code, hash=quoted, **whose) if quoted and all(whose.values()) else []
    if len(found) > 1:
        told = say("it quotes {n} codes of yours: put the one that you mean into the first line", n=len(found))
        raise Conflict(told, slug="ambiguous")
    if not found:
        raise NotAllowed(_none(answer, proof), slug=BAD)
    return found[0]


def _none(answer: answers.Answer, proof: Proof | None) -> str:
    """Why an answer has no code that was given."""
    if not answer.decides:
        return say("the answer has no code: it stands behind the verb, in the first line")
    if proof is not None and proof.login is None:
        return say("the signature beside the answer is by nobody's key here, or over something else")
    return say("no such code was given to who answers")


def _next(found: list[Code], digest: str, now: int) -> list[Code]:
    """Of the seats that packets of these contents are for that which these bytes filled already, else the first that
    is open: a packet that was handed again has the same contents, and ended the codes of the one before."""
    filled = [code for code in found if code.answer == digest]
    unspent = [code for code in found if code.spent_at is None]
    return (filled or [code for code in unspent if code.ends_at > now] or unspent or found)[:1]


def _writers(act: Act, sent: Sent) -> list[User]:
    """Whose address an answer comes from."""
    if sent.senders is None or len(sent.senders) != 1:
        return []
    address = mail(sent.senders[0])
    return [user for user in act.people.values() if user.email and mail(user.email) == address]


def _require_sender(act: Act, sent: Sent, code: Code, proof: Proof | None, server: str | None) -> None:
    """Refuse (4) what nobody sent where a letter is answered, a mail that is not the person's, or of which the mail
    server does not say so, and a signature that is not theirs or over something else than they were shown."""
    if sent.senders is None and code.kind == MAIL and proof is None:
        told = say(
            "the code came with a letter: it is answered by a mail from the address of {login}", login=code.login
        )
        raise NotAllowed(told, slug=BAD)
    if sent.senders is not None and code.login not in [user.login for user in _writers(act, sent)]:
        raise NotAllowed(say("the mail is not from the address of {login}", login=code.login), slug=BAD)
    if sent.senders is not None and server and not is_vouched(sent.results, server):
        told = say("{server} does not say that the mail is from {login} (dmarc)", server=server, login=code.login)
        raise NotAllowed(told, slug=BAD)
    if proof is None:
        return
    person = act.people.get(code.login)
    if proof.login != code.login or person is None or person.answer_key != proof.key:
        raise NotAllowed(say("the signature is not by the key of {login}", login=code.login), slug=BAD)
    named = answers.Shown(code.request_id, code.revision, code.shown)
    if code.kind == PACKET and sent.answer.shown != (named,):
        raise NotAllowed(say("what is signed is not what {login} was shown", login=code.login), slug=BAD)


def _refused(act: Act, sent: Sent, code: Code | None, refusal: OppError) -> None:
    """On record, and told to the person at their own address: never to who wrote."""
    refusal.attempt = None
    way = PACKET if sent.senders is None else MAIL
    meta = {**attempted(refusal), "answer": way, "message_id": sent.message_id or None}
    if code is not None:
        _refused_of(act, code, refusal, {**meta, "login": code.login})
        return
    writers = _writers(act, sent)
    for each in writers:
        _count(act, each.login, say("your answer was not taken: {why}", why=refusal.message), refusal, meta)
    if not writers:
        act.door.note("refused", "user", act.by, meta)


def _refused_of(act: Act, code: Code, refusal: OppError, meta: dict[str, Any]) -> None:
    name = ref("request", code.request_id)
    reasons = (listed(filter(None, (each.what, each.detail)), " ") for each in refusal.reasons)
    told = say(
        "your answer to {request} was not taken: {why}; {show}",
        request=name,
        why=listed((refusal.message, *reasons), "; "),
        show=command("request", "show", name),
    )
    refusal.hint = command("request", "show", name)  # what the person might do is not for who hands it in
    if refusal.code in (UsageError.code, Refused.code):
        told = say("{told}; the code is good still: answer again", told=told)
    if refusal.slug != BAD:
        act.door.note("refused", "request", str(code.request_id), meta)
    _count(act, code.login, told, refusal, meta, code.request_id)


def _count(
    act: Act, login: str, told: str, refusal: OppError, meta: dict[str, Any], request: int | None = None
) -> None:
    """A bad code in somebody's name; after too many none of theirs is good."""
    if refusal.slug == BAD:
        act.door.note(credentials.BAD, "user", login, meta)
        if credentials.bad_since(act.door, login, act.now - GUESSING_MS) >= GUESSES and codes.ended(act, login):
            told = say("{told}; too many bad codes: none that you have is good any more", told=told)
    elif request is None:
        act.door.note("refused", "user", login, meta)
    _tell(act, login, told, request)


def _tell(act: Act, login: str, text: str, request: int | None) -> None:
    person = act.people.get(login)
    if person is None or not person.active:
        return
    deal = None if request is None else act.door.get(Request, request).deal_id
    made = Notice(to=login, kind="answer", request_id=request, deal_id=deal, text=text, at=act.now)
    act.door.add_many([made], action="notice")


def _at(act: Act, at: int) -> str:
    from oppcli.words.shown import show_instant

    return show_instant(at, act.local, act.now)
