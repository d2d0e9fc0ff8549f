"""How fast it is: the same work timed at growing sizes, and beside the peers of this field in the same run.

Ratios are the headline, since one machine's seconds say little about another's. The two sides of a ratio take
turns, so that what else the machine does falls on both; each side counts with its best time, and the spread
stands beside it. Peers are installed into environments of their own and run as child processes; nothing of
them is imported here. All input is invented, from fixed seeds.
"""
