"""Papers that the law and a ministry ask for, made from the log: DPIA, records, notices."""
