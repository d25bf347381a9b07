"""The auditor's pages, and who has read a record, for its owner.

An auditor sees who did what to which records and no word of the records. What an auditor
asks is itself in the audit.
"""
