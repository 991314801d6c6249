"""Solutions judged: moderation of what cities write, experts' reviews, contests, merged twins."""
