"""Changes to scoring: judgements, confirmed bands, loaded schemes."""
