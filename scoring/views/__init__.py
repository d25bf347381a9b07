"""Pages of the picture: my work, groups, dashboards, scores, receipts."""
