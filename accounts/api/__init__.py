"""The API's front door: tokens, scopes, errors."""
