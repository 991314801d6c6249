"""Settings, routes, the embedded database, and the supervision of web and worker."""
