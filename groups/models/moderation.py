"""Where records are moderated by the unit of their region."""

from accounts.models.body_rule import BodyRule


class ModerationRule(BodyRule):
    """That the unit of a region alone maps and returns its records, from a day on.

    Without one, a supervisor of the owner may as well.
    Source: HMIC, PEEL effectiveness 2016, recommendation 5: responsibility for mapping
    goes from forces to regional units.
    """

    def __str__(self) -> str:
        return f"moderation rule {self.pk}"
