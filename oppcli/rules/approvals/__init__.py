"""Approvals: who must decide what, in which order, until when; every transition of a request as a pure function.

`world` is what a rule may know, `transition` what it returns. Opening: `planning` says what is needed, `figures` what
the approvers are shown; `submitting` begins, `opening` and `seating` say who sits where; `outlook`, `simulating`,
`savings` and `policy_effects` what would be. Deciding: `eligible` says who may at all, `authority` who may now,
`counting` what the votes amount to; `recording`, `deciding`, `handover` and `adding` change them. `changing` follows
the facts, `ending` ends, `gates` says what a stage still asks for. `time` is the clock of a step, `ticking` what it
does; `situation` is how a request stands, in words; `telling` is what people are told.
"""
