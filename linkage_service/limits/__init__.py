"""What one client may take of the service: connections, time, bytes, requests.

connections   the server's protocol: how many, and how long for headers
bodies        ASGI middleware: how long a body may take, and how large it may be
parties       requests a second of one member, and at most a few at a time
server        uvicorn with all of it, and a shutdown that nobody can block
"""
