"""What matches and what scores, the same for every engine."""
