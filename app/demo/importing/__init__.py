"""Takes a person's own exports (mbox, .eml, .ics) and documents into a workspace; what to call is here."""

from app.demo.importing.loading import Progress, load
from app.demo.importing.opening import open_for
from app.demo.importing.owner import owner_of
from app.demo.importing.report import FileReport, ImportReport, LeftOut

__all__ = ["FileReport", "ImportReport", "LeftOut", "Progress", "load", "open_for", "owner_of"]
