"""What Django has to know of this package, and what it stores of a person."""

from django.apps import AppConfig


class TalkConfig(AppConfig):
    """Tables of `novator.talk`."""

    name = "novator.talk"
    label = "talk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what people write here for their own export and for erasure."""
        from novator.accounts.own_data import tell_own_data
        from novator.talk.erasure import forget_private_words, words_of

        tell_own_data("talk", words_of, forgetting=forget_private_words)
