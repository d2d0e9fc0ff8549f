"""Small scripts that run inside a peer's own environment, with nothing but the peer and the standard library.

Each is handed a folder of input files. It says when it is ready, then runs one step for every line it reads,
and answers with the seconds that the step took and a few figures to compare. Peers are imported inside the
functions, so that these files can be read where the peer is not installed.
"""
