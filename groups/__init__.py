"""Crime groups and the people, identifiers, activities and links around them.

Owns crime groups, nominals, memberships, involvements, identifiers, activities, links.
Promises: victims and exploited people are never members; every row carries a label at
least as strict as its parent's; every change is kept in field-level history.
May import: accounts and ocgmap.common.
"""
