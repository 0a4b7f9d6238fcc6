"""May a run start, may a release go out? The rules, the cases they judge, the facts."""
