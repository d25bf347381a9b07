"""Forms of groups, people and what is known of them; choices show only what one sees."""
