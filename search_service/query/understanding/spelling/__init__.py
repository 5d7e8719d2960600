"""Spell correction: candidates one error away, and the choice among them."""
