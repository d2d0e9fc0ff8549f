"""Invented families with a known truth."""
