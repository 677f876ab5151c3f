"""Forecasts that had to beat the simplest one on this very history, with intervals that were put to the test.

Source: methods §7.1; Hyndman and Athanasopoulos, Forecasting: Principles and Practice; Hyndman and
Billah 2003 (Theta); Hyndman and Koehler 2006 (MASE).
"""

from qunying.kit.forecasting.choosing import Forecast, Refusal, RefusedFor, forecast

__all__ = ["Forecast", "Refusal", "RefusedFor", "forecast"]
