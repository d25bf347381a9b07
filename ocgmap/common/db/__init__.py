"""Our PostgreSQL backend: each transaction carries a scope, or it does not run."""
