"""How people join a project: the plan of people, invites, answers, and words to compare."""
