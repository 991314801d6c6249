"""Solutions discussed: cities ask each other, answer, and help each other on the spot."""
