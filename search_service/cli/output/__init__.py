"""What the commands print for people, in lines and columns."""
