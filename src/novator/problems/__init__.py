"""What hurts in a city, grounded in its reports and answered by practices of other cities."""
