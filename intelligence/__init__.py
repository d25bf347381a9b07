"""Graded intelligence: returns, reports, originals, mentions, claims, search.

Owns the return register, reports with their sealed originals, what they mention and
what they claim of a group's attributes.
Promises: no report without a grade; the original is apart under its own right; a
client's retry never doubles intelligence.
May import: groups, accounts and ocgmap.common.
"""
