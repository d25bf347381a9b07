"""Template tags of scoring, for pages of lower apps too."""
