"""One command per user verb: parse, call one operation, print."""
