"""Template tags for every page; load them by name, as the settings list them."""
