"""Whether a record counts: live, archived, withdrawn (taken back: it counts nowhere, not as lost), merged."""

LIVE, ARCHIVED, WITHDRAWN, MERGED = "live", "archived", "withdrawn", "merged"
STANDINGS = (LIVE, ARCHIVED, WITHDRAWN, MERGED)

SHOWN = (LIVE,)
"""What lists show, and what is a candidate for anything."""
COUNTED = (LIVE, ARCHIVED)
"""What figures count."""
KEPT = (LIVE, ARCHIVED, MERGED)
"""What keeps its name and external id to itself: a withdrawn record gives them free."""
ANY = STANDINGS
"""What a single thing, its history and the journal are read with."""
