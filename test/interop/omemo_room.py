"""Rooms as python-omemo's user has to know them: who is there under which name, and who may read (XEP-0045)."""
import asyncio
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

MUC = "http://jabber.org/protocol/muc"
USER = "{http://jabber.org/protocol/muc#user}"
ADMIN = "http://jabber.org/protocol/muc#admin"
PRESENCE = "{jabber:client}presence"


class Rooms:
    def __init__(self, client):
        self.client = client
        # Own addresses of occupants, by their address in the room.
        self.addresses = {}
        self.entered = {}
        matcher = MatchXPath(PRESENCE + "/" + USER + "x")
        client.register_handler(Callback("occupants", matcher, lambda stanza: self.take(stanza.xml)))

    def take(self, presence):
        item = presence.find(f"{USER}x/{USER}item")
        place = presence.get("from")
        if item is not None and item.get("jid") and presence.get("type") is None:
            self.addresses[place] = slixmpp.JID(item.get("jid")).bare
        statuses = {status.get("code") for status in presence.findall(f"{USER}x/{USER}status")}
        room = slixmpp.JID(place).bare
        if "110" in statuses and room in self.entered and not self.entered[room].done():
            self.entered[room].set_result(None)

    async def join(self, room, nick):
        self.entered[room] = asyncio.get_event_loop().create_future()
        presence = self.client.make_presence(pto=f"{room}/{nick}")
        wish = ET.SubElement(presence.xml, f"{{{MUC}}}x")
        ET.SubElement(wish, f"{{{MUC}}}history", {"maxchars": "0"})
        presence.send()
        await asyncio.wait_for(self.entered[room], 10)

    def author(self, sender):
        """The own address of whoever speaks; the room's where it keeps that to itself."""
        return self.addresses.get(sender.full, sender.bare)

    async def members(self, room):
        """Everybody who may read, there or not, but for ourselves: the library adds our own devices."""
        found = set()
        for affiliation in ("owner", "admin", "member"):
            iq = self.client.make_iq_get(ito=room)
            query = ET.SubElement(iq.xml, f"{{{ADMIN}}}query")
            ET.SubElement(query, f"{{{ADMIN}}}item", {"affiliation": affiliation})
            answer = await iq.send()
            found |= {item.get("jid") for item in answer.xml.iter(f"{{{ADMIN}}}item") if item.get("jid")}
        return sorted(found - {self.client.boundjid.bare})
