"""Timed journeys of members: what somebody who joined, ordered or had a birthday meets, step by step."""
