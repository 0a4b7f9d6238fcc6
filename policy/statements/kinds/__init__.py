"""One file a kind of statement; `policy.statements` exports them all."""
