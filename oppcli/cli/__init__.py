"""The command line: parse, open a door, call one thing, print one thing, turn errors into text."""
