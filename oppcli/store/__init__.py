"""The only package that knows a driver: schema, doors, journal, look-ups, administration."""
