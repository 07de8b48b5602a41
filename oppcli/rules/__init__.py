"""Pure functions over nouns: the next noun, or a refusal with every reason. Time, actor and policy are arguments."""
