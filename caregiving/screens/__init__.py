"""The pages: they ask, they show, and they stop. One file a page, found by itself."""
