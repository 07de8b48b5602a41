"""The nouns: frozen dataclasses without behaviour beyond what follows from their own fields.

Instants are integers, milliseconds since 1970 UTC. Calendar dates are ISO text. Money is an integer of minor units
beside an ISO currency. Percentages are integers of ten-thousandths of one per cent (12.5 % = 125000).
People are named by their login, stages by their name; deals, customers and requests by their number.
"""
