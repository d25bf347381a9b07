"""What people do to groups and people: each module a noun, each function a verb."""
