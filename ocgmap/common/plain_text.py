"""What counts as text: everything that people can read, and nothing that misleads."""

import unicodedata

# What a decoder leaves where the bytes were in another encoding.
_REPLACEMENT = "\ufffd"
# They show a text in another order than it is stored in: a name that reads as another.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

FAULT = (
    "holds characters that are not text: control characters, or what a wrong encoding "
    "leaves."
)
CURE = "Send it as UTF-8, or type it again."


def plain(text: str) -> str:
    """Return the text with plain line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_readable(text: str) -> bool:
    """Return whether it holds characters of text only; tabs and line feeds are such."""
    return not any(_is_broken(character) for character in text)


def _is_broken(character: str) -> bool:
    if character in "\n\t":
        return False
    if character == _REPLACEMENT or character in _REORDERING:
        return True
    return unicodedata.category(character) in {"Cc", "Cs"}
