"""Changes to intelligence: reports with what they say, and the register of returns."""
