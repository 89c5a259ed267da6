"""What a network needs in memory and how long it takes at least, shown in words, tables and JSON."""
