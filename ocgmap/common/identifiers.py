"""References that people read out: random, with a check character, telling nothing."""

import secrets

# Crockford's alphabet: no I, L, O or U, so that nothing is misread or spells words.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


def check_character(body: str) -> str:
    """Return the Luhn mod 32 check character of ``body``; finds any single slip."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = _ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(_ALPHABET) + value % len(_ALPHABET)
    return _ALPHABET[-total % len(_ALPHABET)]


def new_reference(prefix: str) -> str:
    """Return a random reference such as ``G-7K2M-9QX4-T``: 40 bits, not a sequence."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{prefix}-{body[:4]}-{body[4:]}-{check_character(body)}"


def is_reference(text: str) -> bool:
    """Return whether ``text`` has the shape and the right check character."""
    parts = text.strip().upper().split("-")
    if [len(part) for part in parts[1:]] != [4, 4, 1] or not parts[0]:
        return False
    body = parts[1] + parts[2]
    if any(character not in _ALPHABET for character in body + parts[3]):
        return False
    return check_character(body) == parts[3]


def new_group_reference() -> str:
    """Return a reference for a crime group."""
    return new_reference("G")


def new_nominal_reference() -> str:
    """Return a reference for a nominal."""
    return new_reference("N")


def new_report_reference() -> str:
    """Return a reference for an intelligence report."""
    return new_reference("R")


def new_identifier_reference() -> str:
    """Return a reference for an identifier such as a telephone number."""
    return new_reference("I")


def new_subject_reference() -> str:
    """Return a reference for what a person asks of an organisation."""
    return new_reference("S")
