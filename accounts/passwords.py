"""How soon a password is guessed: by lists of words, names and dates, without the net."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

# Of 0 to 4: the highest, more than ten thousand million guesses.
LEAST_SCORE = 4
# The estimate takes longer the longer the text; what follows can only add to it.
READ = 72
OWN = ("ocgmap", "organised crime group", "intelligence", "police")


class GuessablePasswordValidator:
    """Refuses what common passwords, words, names, keys in a row or dates make up.

    Source: OWASP ASVS 5.0, 6.2.4 and 6.2.12, without sending anything anywhere.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise when the password is guessed too soon.

        Raises:
            ValidationError: it is; the message says what to do.
        """
        about = [str(getattr(user, name, "")) for name in ("email", "name")]
        parts = re.findall(r"\w{3,}", " ".join(about).lower())
        found = zxcvbn(password[:READ], user_inputs=[*OWN, *about, *parts])
        if found["score"] < LEAST_SCORE:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """Return what a good password is."""
        return (
            "Your password must not be one that is guessed soon: use four or more words "
            "that do not belong together, not names, dates or keys in a row."
        )
