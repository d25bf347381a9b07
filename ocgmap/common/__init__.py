"""Common ground at the bottom: scope, base records, errors, paging, queues.

Owns nothing of the domain. Imports no app of this project.
"""
