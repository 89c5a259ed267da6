"""How an analysis is shown: as a table, JSON, CSV or Markdown; nothing is computed here."""
