"""A part of the site that ends as soon as it starts."""

import sys

if __name__ == "__main__":
    sys.exit("out of candles")
