"""Files in, frames out, with a receipt of every line: one file a format."""
