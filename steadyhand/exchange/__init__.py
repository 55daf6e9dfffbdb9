"""Imports, exports and the demo agency. Above all areas."""

import sys
from importlib import import_module

# openpyxl takes NumPy along wherever it is installed, and nobody who reads a table needs it: web and worker
# stay small. It looks once, as it is first imported; for that moment NumPy is not there.
if "openpyxl" not in sys.modules and "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import_module("openpyxl")
    finally:
        del sys.modules["numpy"]
