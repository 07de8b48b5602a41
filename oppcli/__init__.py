"""`opp`: a command-line manager for sales pipelines and their approvals."""

__version__ = "1.0.0"
