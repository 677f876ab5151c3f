"""The second way of counting: plain SQL over the operational store, sharing no query with the lake."""

from qunying.ground.figures.verify.comparing import Difference, Verification, verify_communities

__all__ = ["Difference", "Verification", "verify_communities"]
