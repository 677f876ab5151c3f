"""How far each goal has come: actual, deviation, forecast, status; what was seen is kept by day and by week."""
