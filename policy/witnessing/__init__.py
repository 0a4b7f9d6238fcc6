"""Who saw the log and when: cosigned checkpoints, the quorum, and what times show."""
