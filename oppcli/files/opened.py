"""An open file of rows, looked at before it is read: how it is written, and its first rows."""

import os
from contextlib import ExitStack
from functools import cached_property
from typing import BinaryIO

from oppcli.files.drafts.sample import Sample, sampled
from oppcli.files.sheets import Sheet, open_sheet
from oppcli.files.sheets.heading import told_apart, twice
from oppcli.files.sheets.shape import UNKNOWN, Format


class Opened:
    """An open file of rows, looked at before it is read."""

    def __init__(self, stream: BinaryIO, name: str, place: str, sheet: str | None = None) -> None:
        self.stream, self.name, self.place, self.sheet = stream, name, place, sheet
        """`name` is what messages call it, `place` and `sheet` what was typed."""
        self._seen: list[Sheet] = []
        self._told = UNKNOWN._replace(sheet=sheet, asked=True) if sheet is not None else UNKNOWN

    @cached_property
    def format(self) -> Format:
        """How it is written, as far as its mapping has to say it."""
        from oppcli.files.drafts.headline import headline

        with ExitStack() as handles:
            told = headline(lambda told: self._sheet(handles, told), self._told)
            header = self._sheet(handles, told).header
        return told._replace(columns=told_apart(header)) if twice(header) else told

    @cached_property
    def sample(self) -> Sample:
        """Its first rows."""
        with ExitStack() as handles:
            return sampled(self._sheet(handles, self.format))

    def _sheet(self, handles: ExitStack, told: Format) -> Sheet:
        """The rows under a handle of their own: who reads a sheet closes what it was given."""
        self.stream.seek(0)
        handles.callback(self.stream.seek, 0)
        apart = handles.enter_context(os.fdopen(os.dup(self.stream.fileno()), "rb"))
        sheet = open_sheet(apart, self.name, told)
        self._seen.append(sheet)  # a sheet that is let go closes its file, and says that nobody did
        return sheet
