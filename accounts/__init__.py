"""Who you are, what you may do, what you did.

Owns organisations, users, tags and access classes, API tokens and the audit.
Promises: a label is one integer on a row; a right hangs on a role in one pure table;
every action and every read of personal data leaves an audit row in its transaction.
May import: ocgmap.common only.
"""
