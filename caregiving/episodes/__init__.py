"""The only definition of "this answer answers that cue": events and windows in, one row a cue bout out."""

from caregiving.episodes.pair import pair

__all__ = ["pair"]
