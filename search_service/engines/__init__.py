"""The search engines, behind two interfaces: searching, and managing indexes."""
