"""How a client of another make is driven: one JSON object a line, commands in and events out."""
import asyncio
import json
import os
import sys
import threading


def emit(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


async def obey(client, commands):
    while True:
        order = await commands.get()
        if order is None:
            await client.disconnect(wait=1)
            os._exit(0)
        try:
            emit("done", n=order["n"], **await client.command(**order))
        except Exception as error:
            emit("failed", n=order["n"], error=repr(error)[:500])


def serve(client, options):
    """Connects, and does what standard input says until that ends."""
    client.ca_certs = options.ca
    commands = asyncio.Queue()

    def listen():
        for line in sys.stdin:
            client.loop.call_soon_threadsafe(commands.put_nowait, json.loads(line))
        client.loop.call_soon_threadsafe(commands.put_nowait, None)

    threading.Thread(target=listen, daemon=True).start()
    asyncio.ensure_future(obey(client, commands), loop=client.loop)
    client.connect(("127.0.0.1", options.port), force_starttls=True)
    client.loop.run_forever()
