"""`opp request`: plan submit approve reject return resubmit recall … list show.

Each command imports what it alone needs: a list must not pay for the rules of a decision.
"""

import typer

app = typer.Typer(help="Requests for approval: plan, submit, decide, see where they are.")

from oppcli.cli.request import deciding, managing, reading, submitting  # noqa: E402, F401  (they add their commands)
