"""Threat scores that explain every point, and the picture made of them.

Owns schemes, judgements, assessments, the outbox with its drain, and picture lines.
Promises: a score is recomputed from source rows, never adjusted; a derived row carries
the join of the labels it was made from; nothing acknowledged is lost.
May import: intelligence, groups, accounts and ocgmap.common.
"""
