"""The verbs: each is one transaction, given a write door: get, ask a rule, save."""
