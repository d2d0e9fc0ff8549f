"""The bars: what was promised before anything was measured. Ratios, except where there is no peer."""

from typing import Final

from caregiving.bench.rows import Bar

KERNEL_AT: Final = 10_000_000
KERNEL: Final = Bar("at most 20 x as long", at_most=20)
POLARS: Final = Bar("at least 1 x faster", at_least=1)
BORIS_AT: Final = 100_000
BORIS_BUDGET: Final = Bar("at least 20 x faster", at_least=20)
BORIS_TRANSITIONS: Final = Bar("at least 100 x faster", at_least=100)
BORIS_KAPPA: Final = Bar("at least 100 x faster", at_least=100)
LIFELINES: Final = Bar("at least 500 x faster", at_least=500)
CODED: Final = Bar("at most 0.3 s", at_most=0.3)
BOOTSTRAP: Final = Bar("at most 1 s", at_most=1.0)
LOAD: Final = Bar("at most 60 ms", at_most=0.06)
PAGE: Final = Bar("at most 0.3 s", at_most=0.3)
EVERYTHING: Final = Bar("at most 1 s", at_most=1.0)
AGREEMENT: Final = Bar("at most 0.5 s", at_most=0.5)
