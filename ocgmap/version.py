"""The version of this program, stated once; pyproject.toml reads it from here."""

VERSION = "0.1.0"
