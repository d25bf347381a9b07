"""The demonstration: invented records of a small region, made as people make them.

Owns the invented groups, people and reports, the demo accounts and the order in which
they act. Everything but the accounts goes through the same actions as the browser.
Promises: every name is invented, telephone numbers come from the ranges kept for fiction,
registrations have an age number that was never issued, and a second run writes nothing.
May import: actions and what lies below them. Nobody but the command imports it.
"""
