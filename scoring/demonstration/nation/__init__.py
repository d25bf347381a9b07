"""The synthetic nation: invented groups, people and reports of every force.

`planning/` is pure: from a seed, a scale, a day and the number of a step it makes rows,
always the same ones. `loading` writes the rows of a step, `history` gives its groups a
picture of the past months, and `seeding` goes step by step, each a transaction, so that
whatever stops it, the next run goes on where it stopped.
Promises: as `scoring.demonstration`; every rule of the actions holds for every row.
"""
