"""One file for each kind of statement; `policy.statements` exports them all."""
