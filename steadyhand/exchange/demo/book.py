"""The demo agency's book: who its clients are, what they buy, and what was agreed with them."""

from __future__ import annotations

from steadyhand.exchange.demo.larger_clients import LARGER
from steadyhand.exchange.demo.sketch import Sketch
from steadyhand.exchange.demo.smaller_clients import SMALLER

BOOK: tuple[Sketch, ...] = (*LARGER, *SMALLER)
