"""The JSON interface to the loop: wire names on one side, our names on the other."""
