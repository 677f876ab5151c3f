"""Journeys: the flow, how it is written and tried, how members walk it."""
