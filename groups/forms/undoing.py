"""The form of an undo: it asks nothing, its page says what goes back."""

from groups.forms.fields import RecordForm


class UndoForm(RecordForm):
    """A confirmation."""
