"""What is raised for a typed value that cannot be taken."""


class Invalid(ValueError):
    """A typed value that a field cannot take; the message says what it takes, `hint` what may be typed instead."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
