"""What a column may hold: personal, operational or public; and what many models share.

personal      tells of a person: who they are, what is said of them, what an account did
operational   of the work: groups, intelligence as such, labels, figures, book-keeping
public        reference data that may be printed
"""

from typing import NamedTuple


class Columns(NamedTuple):
    """The columns of one model, by what they hold; words apart by spaces."""

    personal: str = ""
    operational: str = ""
    public: str = ""


# On many models; named once.
EVERYWHERE = Columns(
    personal="created_by changed_by",
    operational=(
        "id public_id owner access_class version created_at changed_at "
        "retention_class review_on legal_hold reference owner_reference"
    ),
)
# Why a fact is said to be so is free text, and speaks of people.
OF_FACTS = Columns(
    personal="rationale withdrawn_by withdrawn_reason",
    operational="basis asserted_by from_on to_on precision withdrawn_at",
)
# Of a part of an activity, which is withdrawn by itself.
OF_PARTS = Columns(personal="withdrawn_by withdrawn_reason", operational="withdrawn_at")
