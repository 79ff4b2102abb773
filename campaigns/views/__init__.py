"""Pages of campaigns, one file a subject."""
