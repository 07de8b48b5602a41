"""Quotes: their figures, what stands out in them, and how their versions follow one another."""
