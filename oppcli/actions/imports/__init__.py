"""Import: rows of a file (`oppcli.files`) → deals, people or approvals, every row checked, nothing twice.

`deals`, `users` and `requests` say what one row says, `taking`, `merge` and `logs` turn that into changes, `run` goes
from the first row to the last in one transaction.
"""
