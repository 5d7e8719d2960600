"""How well a search finds: judged queries are asked, the answers measured, two ways of searching compared."""
