"""What Django has to know of this package."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Tables of `novator.reviews`."""

    name = "novator.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is stored of a person."""
        from novator.reviews.own_data import tell_of_reviews

        tell_of_reviews()
