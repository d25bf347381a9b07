"""Build and run the project on a bare machine.

Owns the Python environment, the front-end build, the embedded PostgreSQL and broker,
the database roles, the supervisor of the demo and the test runner. Promises that
`paths`, `console` and `environment` import with nothing installed but Python; the
other modules run inside the environment which those built. Imports no Django, no app
and no settings.
"""
