"""Reads as values: each report is a name, columns, parameters and SQL; commands, help and formats follow from it."""
