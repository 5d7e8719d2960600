"""The engines that keep indexes, behind one interface."""
