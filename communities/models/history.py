"""The registry's history: every row that is made, changed or taken away, with who and why (ARCHITECTURE)."""

import pghistory


def followed(model):
    """Class decorator: the table's history, deletions too, noted once a statement.

    Once a row, the context would be written anew for each: 50,000 units of one sheet would take minutes.
    """
    made, changed, gone = pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent
    return pghistory.track(*(event(level=pghistory.Statement) for event in (made, changed, gone)))(model)
