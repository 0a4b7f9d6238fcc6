"""What an operator sees of a running service: request ids, log lines, metrics, traces.

Nothing here names a project, a member or a path: numbers of one party must not reach another, nor
who reads the metrics. Routes are named by their template, such as `/projects/{project}/log`.

    requests   ASGI middleware: an id, a log line, a count and a span for each request
    metrics    Prometheus, on a port of its own
    traces     OpenTelemetry, if `padan[otel]` is installed and an endpoint is set
"""
