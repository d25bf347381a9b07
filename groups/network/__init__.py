"""Networks of groups, people and identifiers: charts, paths, layout and measures. Pure.

Description only, never an input to a score.
"""
