"""What templates of every app show of a group the same way."""
