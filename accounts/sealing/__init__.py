"""The seal of the audit: batches of rows, chained, signed and copied outside.

A sealer closes a batch every second (`sealer.seal`); `verifying.verify` compares rows,
checkpoints and the copy outside the database, and names the batch that was touched.
"""
