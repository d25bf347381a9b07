"""Groups, nominals, memberships, involvements and identifiers over the API."""
