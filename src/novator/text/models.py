"""Every search: vectors of texts, computed once by text and encoder."""

from __future__ import annotations

from django.db import models


class Vector(models.Model):
    """
    One text's vector by one encoder.

    `text_hash` is a 16-byte BLAKE2b digest of the kind and the text as encoded; `vector` holds
    little-endian float16 values of a unit vector.
    """

    text_hash = models.BinaryField(max_length=16)
    encoder = models.CharField(max_length=160)
    vector = models.BinaryField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["encoder", "text_hash"], name="one_vector_per_text")
        ]

    def __str__(self) -> str:
        return f"{self.encoder} {bytes(self.text_hash).hex()}"
