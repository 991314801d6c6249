"""What the association tells: news and its own pages, one text per language."""
