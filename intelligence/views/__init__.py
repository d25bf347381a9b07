"""Pages of intelligence: parse, ask, render."""
