"""What officers fill in about reports and returns; the actions decide on all of it."""
