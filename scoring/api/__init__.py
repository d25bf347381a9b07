"""Scores, receipts, the picture, schemes and code lists over the API."""
