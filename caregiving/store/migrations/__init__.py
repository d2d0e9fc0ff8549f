"""How the database grew, one file a step. A released step is never edited."""
