#!/usr/bin/env python3
"""A hook that keeps deals above a limit from being won without a customer number of the ERP: an example to begin with.

[[hook]] of the policy:       name = "credit", on = ["deal.win"]
[hook.credit] of the machine: command = ["/usr/local/bin/credit.py"]
"""

import json
import sys
from decimal import Decimal

LIMIT = Decimal(500_000)

asked = json.load(sys.stdin)
deal = asked["deal"]
if Decimal(deal["amount"] or 0) > LIMIT and not deal.get("erp_number"):
    sys.exit(f"{deal['id']} is above {LIMIT:,} and has no ERP number")  # on stderr, and with 1: no
