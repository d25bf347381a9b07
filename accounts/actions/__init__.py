"""Changes to accounts: labels, tokens, reference data, sign-in."""
