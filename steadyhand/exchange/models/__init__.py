"""The tables of exchange."""

from steadyhand.exchange.models.demo import DemoLoad
from steadyhand.exchange.models.preset import MappingPreset
from steadyhand.exchange.models.ref import ExternalRef
from steadyhand.exchange.models.run import AmountBasis, ImportFile, ImportRow, ImportRun, RowAction, RunState

__all__ = [
    "AmountBasis",
    "DemoLoad",
    "ExternalRef",
    "ImportFile",
    "ImportRow",
    "ImportRun",
    "MappingPreset",
    "RowAction",
    "RunState",
]
