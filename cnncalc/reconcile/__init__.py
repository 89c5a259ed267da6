"""What a number that somebody quotes of a network may be: whose count, of which variant, in which unit."""
