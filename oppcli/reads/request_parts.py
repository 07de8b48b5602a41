"""What a request is made of as data: steps with their seats, decisions, questions, terms, revisions.

Fields may be added, never renamed. Instants are ISO 8601 with Z; hours are business hours.
"""

from typing import Any

from oppcli.model.requests import OPEN, PENDING, Decision, Question, Request, Revision, Seat, Step, Term
from oppcli.model.said import Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.given import Given
from oppcli.rules.approvals.conditional import blocked_by
from oppcli.rules.approvals.counting import counts, superseded
from oppcli.rules.approvals.eligible import delegates
from oppcli.rules.approvals.world import World


def iso_of(at: int | None) -> str | None:
    from oppcli.words.shown import iso

    return None if at is None else iso(at)


def step_of(step: Step, request: Request, world: World) -> dict[str, Any]:
    return {
        "name": step.name,
        "state": step.state,
        "opened_at": iso_of(step.opened_at),
        "due": iso_of(step.due_at),
        "breached_at": iso_of(step.breached_at),
        "remaining": None if step.remaining_ms is None else step.remaining_ms / HOUR_MS,
        "together": step.together,
        "rule": rule_text(step.rule, step.need, step.share),
        "need": step.need,
        "seats": [seat_of(seat, step, request, world) for seat in step.seats],
        "position": step.position,
        "group": step.group,
        "closed_at": iso_of(step.closed_at),
        "level": step.level,
        "sla": step.sla_ms / HOUR_MS,
        "added_by": step.added_by,
    }


def seat_of(seat: Seat, step: Step, request: Request, world: World) -> dict[str, Any]:
    acting = seat.state == OPEN and step.state == OPEN and request.state == PENDING
    logins = [holder.login for holder in seat.holders]
    return {
        "holders": logins if acting else [],
        "state": seat.state,
        "blocked": acting and seat.blocked,
        "decided_by": seat.decided_by,
        "added": seat.added_by is not None,
        "must": seat.must,
        "veto": seat.veto,
        "asked": logins,
        "delegates": list(dict.fromkeys(to for login in logins for to in delegates(login, request, world)))
        if acting
        else [],
    }


def decision_of(decision: Decision, request: Request, given: Given | None) -> dict[str, Any]:
    names = {(step.revision, step.position): step.name for step in request.steps}
    return {
        "step": names.get((decision.revision, decision.step)),
        "revision": decision.revision,
        "actor": decision.actor,
        "on_behalf_of": decision.on_behalf_of,
        "verdict": decision.verdict,
        "automatic": decision.automatic,
        "counts": counts(request, decision),
        "at": iso_of(decision.at),
        "reason": decision.reason,
        "number": decision.number,
        "actor_name": decision.actor_name,
        "seat": decision.seat or None,
        "refers_to": decision.refers_to,
        "superseded": superseded(request, decision),
        "own": decision.own,
        "snapshot_hash": decision.snapshot_hash,
        "policy": decision.policy,
        "by": given.by if given else None,
        "code": decision.code,
        "target": decision.target,
        "files": list(decision.files),
        "terms": [term.number for term in request.terms if term.decision == decision.number],
    }


def said(request: Request) -> list[dict[str, Any]]:
    """Questions with their answers, and what was said when it was submitted and sent on; the newest first."""
    told = [(each.at, each.number, question_of(each, request)) for each in request.questions]
    if request.note:
        note = {"by": request.submitted_by, "text": request.note, "at": iso_of(request.submitted_at)}
        told.append((request.submitted_at, 0, {"kind": "submit", **note}))
    for place, answer in enumerate(request.answers, 1):
        note = {"by": answer["by"], "text": answer["text"], "at": iso_of(answer["at"])}
        told.append((answer["at"], place, {"kind": "resubmit", **note}))
    return [each for *_, each in sorted(told, key=lambda each: each[:2], reverse=True)]


def question_of(question: Question, request: Request) -> dict[str, Any]:
    """`open`: nobody has answered, and somebody still may."""
    names = {step.position: step.name for step in request.steps}
    return {
        "kind": "question",
        "number": question.number,
        "step": names.get(question.step),
        "by": question.by,
        "to": question.to,
        "text": question.text,
        "at": iso_of(question.at),
        "answer": question.answer,
        "answered_by": question.answered_by,
        "answered_at": iso_of(question.answered_at),
        "open": question in request.asking,
    }


def term_of(term: Term, request: Request, world: World) -> dict[str, Any]:
    """`open`: it keeps the deal out of its stage now."""
    made = next(decision for decision in request.decisions if decision.number == term.decision)
    return {
        "number": term.number,
        "decision": term.decision,
        "by": made.actor,
        "text": term.text,
        "test": term.test,
        "before": term.before,
        "state": term.state,
        "open": term in blocked_by(request, world),
        "closed_by": term.closed_by,
        "closed_at": iso_of(term.closed_at),
        "why": term.why,
        "file": term.file,
    }


def revision_of(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "at": iso_of(revision.at),
        "why": revision.why,
        "editor": revision.editor,
        "editors": list(revision.editors),
        "snapshot": dict(revision.snapshot),
        "agreed": dict(revision.agreed),
        "skipped": dict(revision.skipped),
    }


def rule_text(rule: str, need: int, share: int | None = None) -> str:
    """As the policy writes it: any, all, at least 2, at least 50 %."""
    if share is not None:
        return say("at least {share:g} %", share=share / 100)
    return say("at least {need}", need=need) if rule == "at_least" else Word("rule", rule)
