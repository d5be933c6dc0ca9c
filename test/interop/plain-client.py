#!/usr/bin/python3
"""A client without encryption that reads and writes each extension by slixmpp's own code, not by ours.

Commands and events are as those of omemo-client.py: a JSON object a line. What each event is called is what slixmpp calls it.
"""
import argparse

import slixmpp
from slixmpp.xmlstream import ET

from peer_lines import emit, serve

PLUGINS = (
    "xep_0004", "xep_0030", "xep_0045", "xep_0060", "xep_0115", "xep_0163", "xep_0184", "xep_0191", "xep_0199", "xep_0249",
    "xep_0280", "xep_0308", "xep_0333", "xep_0359", "xep_0461",
)
# XEP-0490 is younger than the library: its node is read and written by what the library knows of publish-subscribe.
DISPLAYED = "urn:xmpp:mds:displayed:0"


class Client(slixmpp.ClientXMPP):
    def __init__(self, options):
        super().__init__(f"{options.jid}/{options.resource}", options.password)
        self.use_origin_id = True
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self["xep_0184"].auto_ack = False
        self["xep_0184"].auto_request = False
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("message", self.tell)
        self.add_event_handler("receipt_received", lambda m: emit("receipt", of=m["receipt"], **who(m)))
        for marker in ("received", "displayed", "acknowledged"):
            told = lambda m, marker=marker: emit("marker", what=marker, of=m[marker]["id"], **who(m))
            self.add_event_handler("marker_" + marker, told)
        self.add_event_handler("message_correction", lambda m: emit("correction", of=m["replace"]["id"], text=m["body"], **who(m)))
        self.add_event_handler("message_reply", lambda m: emit("reply", of=m["reply"]["id"], to=str(m["reply"]["to"]), text=m["body"], **who(m)))
        self.add_event_handler("blocked", lambda iq: emit("blocked", jids=[str(jid) for jid in iq["block"]["items"]]))
        self.add_event_handler("unblocked", lambda iq: emit("unblocked", jids=[str(jid) for jid in iq["unblock"]["items"]]))
        self.add_event_handler("groupchat_direct_invite", lambda m: emit("invited", jid=str(m["groupchat_invite"]["jid"]), **who(m)))
        # By way of the room: the library hands on the whole message.
        self.add_event_handler("groupchat_invite", lambda m: emit("invited", jid=m["from"].bare, **who(m)))

    async def begin(self, _):
        await self.get_roster()
        # Whoever has asked for the list is told of its changes (XEP-0191 §3.1).
        await self["xep_0191"].get_blocked()
        self.send_presence()
        emit("ready")

    def tell(self, message):
        asks = [name for name, there in (("delivered", message["request_receipt"]), ("read", message.get_plugin("markable", check=True))) if there]
        emit("message", text=message["body"], id=message["id"], asks=asks, **who(message))

    def written(self, to, text):
        return self.make_message(mto=to, mbody=text, mtype="chat")

    async def command(self, n, do, to=None, text=None, of=None):
        match do:
            case "send":
                message = self.written(to, text)
                message["request_receipt"] = True
                message.enable("markable")
                message.send()
                return {"id": message["id"]}
            case "receipt":
                receipt = self.make_message(mto=to, mtype="chat")
                receipt["receipt"] = of
                receipt.send()
            case "marker":
                self["xep_0333"].send_marker(mto=slixmpp.JID(to), id=of, marker="displayed")
            case "correct":
                message = self.written(to, text)
                message["replace"]["id"] = of
                message.send()
            case "reply":
                self["xep_0461"].send_reply(slixmpp.JID(to), of, mto=slixmpp.JID(to), mbody=text, mtype="chat")
            case "block":
                await self["xep_0191"].block(slixmpp.JID(to))
            case "unblock":
                await self["xep_0191"].unblock(slixmpp.JID(to))
            case "invite":
                self["xep_0249"].send_invitation(slixmpp.JID(to), slixmpp.JID(text))
            case "display":
                shown = ET.Element("{%s}displayed" % DISPLAYED)
                ET.SubElement(shown, "{urn:xmpp:sid:0}stanza-id", {"by": self.boundjid.bare, "id": of})
                await self["xep_0060"].publish(self.boundjid.bare, DISPLAYED, id=to, payload=shown, options=private())
            case "displayed":
                answer = await self["xep_0060"].get_items(self.boundjid.bare, DISPLAYED)
                items = {item["id"]: item["payload"].find("{urn:xmpp:sid:0}stanza-id").get("id") for item in answer["pubsub"]["items"]}
                return {"id": items.get(to)}
            case _:
                raise ValueError(f"no command {do}")
        return {}


def private():
    """What XEP-0490 §3 wants of the node: each conversation's item is kept, and for nobody else."""
    form = slixmpp.plugins.xep_0004.Form()
    form["type"] = "submit"
    form.add_field("FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#publish-options")
    for name, value in (("persist_items", "true"), ("max_items", "max"), ("send_last_published_item", "never"), ("access_model", "whitelist")):
        form.add_field(f"pubsub#{name}", value=value)
    return form


def who(stanza):
    return {"from": stanza["from"].bare}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--jid", "--password", "--ca", "--resource"):
        parser.add_argument(name, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", help="kept by clients that keep something")
    options = parser.parse_args()
    serve(Client(options), options)


main()
