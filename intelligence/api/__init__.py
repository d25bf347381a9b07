"""Reports over the API: read, and submitted once however often they are sent."""
