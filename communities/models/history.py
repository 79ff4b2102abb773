"""The registry's history: every row that is made, changed or taken away, with who and why (ARCHITECTURE)."""

import pghistory


def followed(model):
    """Class decorator: the table's history, deletions too."""
    events = pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()  # they remember their model
    return pghistory.track(*events)(model)
