"""Pure functions over nouns: they return the next noun or refuse with every reason. Time, actor, policy are arguments."""
