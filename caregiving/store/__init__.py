"""The records, kept: records go in, frames come out, and every function asks people.require first."""
