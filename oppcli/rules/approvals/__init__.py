"""Approvals: who must decide what, in which order, until when; every transition of a request as a pure function.

`world` is what a rule may know. `planning` says what is needed, `seating` who sits where, `authority` who may decide,
`counting` what the votes amount to, `opening` what follows from them. `deciding`, `life`, `changing`, `handover` and
`ticking` hold the transitions; `gates` says what a stage still asks for.
"""
