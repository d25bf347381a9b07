"""Pages of groups, people and identifiers: find what is visible, show it, call actions."""
