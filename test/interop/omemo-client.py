#!/usr/bin/python3
"""An OMEMO client of another make: slixmpp and python-omemo, legacy namespace (XEP-0384 0.3.0), one device.

Commands come as one JSON object a line on standard input: {"n": 1, "do": "send", "to": ..., "text": ...}. Each is answered
by {"event": "done", "n": 1, ...} or {"event": "failed", "n": 1, "error": ...}; what happens by itself is an event too:
ready, message, empty, unreadable, devices, subscribe, error. Keys and ratchets stay in the --data folder.
"""
import argparse
import asyncio
import base64
import hashlib
import os
import secrets
import xml.etree.ElementTree as ET

import oldmemo
import oldmemo.etree as wire
import slixmpp
from slixmpp.exceptions import IqError
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from peer_lines import emit, serve
from omemo_room import Rooms
from omemo_library import DEVICE_LIST, OMEMO, FolderStorage, fingerprint, manager_class

CLIENT = "{jabber:client}"
PUBSUB = "http://jabber.org/protocol/pubsub"
EVENT = "{http://jabber.org/protocol/pubsub#event}"
FORWARDED = "{urn:xmpp:forward:0}forwarded/" + CLIENT + "message"
CARBONS = "{urn:xmpp:carbons:2}"
ARCHIVED = "{urn:xmpp:mam:2}result"
# Which message is corrected, and which is answered: beside what is encrypted, in clear.
REFERENCES = {"replaces": "{urn:xmpp:message-correct:0}replace", "reply": "{urn:xmpp:reply:0}reply"}


# The version of today; the library knows the one before.
RETRACT = "{urn:xmpp:message-retract:1}retract"
BOOKMARKS = "urn:xmpp:bookmarks:1"


def describe(conference):
    """A bookmark as it stands there: attributes, name there, password, and what else is in it."""
    known = {f"{{{BOOKMARKS}}}{name}" for name in ("nick", "password")}
    rest = [ET.tostring(child).decode() for child in conference if child.tag not in known]
    texts = {name: conference.findtext(f"{{{BOOKMARKS}}}{name}") for name in ("nick", "password")}
    return {**conference.attrib, **{name: text for name, text in texts.items() if text is not None}, "rest": "".join(rest)}


class Client(slixmpp.ClientXMPP):
    def __init__(self, options):
        super().__init__(f"{options.jid}/{options.resource}", options.password)
        self.options = options
        self.use_origin_id = True
        self.omemo = None
        self.last = None
        # Encrypted, and not sent yet.
        self.kept = []
        self.stanzas = asyncio.Queue()
        self.rooms = Rooms(self)
        # A contact request is for the test to answer.
        self.roster.auto_authorize = None
        self.roster.auto_subscribe = False
        for plugin in ("xep_0004", "xep_0030", "xep_0060", "xep_0085", "xep_0115", "xep_0163", "xep_0199", "xep_0280", "xep_0313", "xep_0444", "xep_0084", "xep_0172", "xep_0249"):
            self.register_plugin(plugin)
        self["xep_0163"].add_interest(DEVICE_LIST)
        everything = MatchXPath(CLIENT + "message")
        self.register_handler(Callback("messages", everything, lambda stanza: self.stanzas.put_nowait(stanza.xml)))
        self.add_event_handler("session_start", self.begin)
        # And of pictures (XEP-0084) and names (XEP-0172) of contacts.
        self.add_event_handler("avatar_metadata_publish", self.tell_picture)
        self.add_event_handler("user_nick_publish", self.tell_nick)
        # The library's own reading of reactions (XEP-0444).
        self.add_event_handler("reactions", self.tell_reactions)
        # And of typing (XEP-0085).
        for state in ("active", "composing", "paused", "inactive", "gone"):
            told = lambda message, state=state: emit("chatstate", text=state, **{"from": message["from"].bare})
            self.add_event_handler("chatstate_" + state, told)
        self.add_event_handler("failed_auth", lambda _: emit("error", what="wrong password"))
        for kind in ("subscribe", "subscribed", "unsubscribed"):
            told = lambda presence, kind=kind: emit(kind, jid=presence["from"].bare)
            self.add_event_handler("presence_" + kind, told)

    async def begin(self, _):
        await self.get_roster()
        await self["xep_0280"].enable()
        if self.omemo is None and self.options.omemo:
            storage = FolderStorage(os.path.join(self.options.data, "omemo.json"))
            backends = [oldmemo.oldmemo.Oldmemo(storage)]
            self.omemo = await manager_class(self).create(
                backends, storage, self.boundjid.bare, self.options.resource, "undecided"
            )
            await self.omemo.after_history_sync()
        asyncio.ensure_future(self.read())
        # Only now: what waited for us arrives when everything is ready for it.
        self.send_presence()
        if self.omemo is None:
            return emit("ready", jid=self.boundjid.full)
        own, _ = await self.omemo.get_own_device_information()
        emit("ready", jid=self.boundjid.full, device=own.device_id, fingerprint=fingerprint(own.identity_key))

    def tell_reactions(self, message):
        reactions = message["reactions"]
        emit("reactions", of=reactions["id"], emojis=sorted(reactions.get_values()), **{"from": message["from"].bare})

    def tell_picture(self, message):
        infos = message["pubsub_event"]["items"]["item"]["avatar_metadata"]["items"]
        ids = [info["id"] for info in infos]
        emit("picture", ids=ids, **{"from": message["from"].bare})

    def tell_nick(self, message):
        emit("nick", text=message["pubsub_event"]["items"]["item"]["nick"]["nick"], **{"from": message["from"].bare})

    # -- pubsub

    async def publish(self, node, item, payload):
        form = self["xep_0004"].make_form(ftype="submit")
        form.add_field("FORM_TYPE", "hidden", value=PUBSUB + "#publish-options")
        form.add_field("pubsub#access_model", value="open")
        form.add_field("pubsub#persist_items", value="true")
        await self["xep_0060"].publish(None, node, id=item, payload=payload, options=form)

    async def newest(self, jid, node):
        try:
            answer = await self["xep_0060"].get_items(jid, node, max_items=1)
        except IqError as error:
            if error.condition == "item-not-found":
                return None
            raise
        items = answer.xml.findall(f".//{{{PUBSUB}}}item")
        return items[-1][0] if items and len(items[-1]) else None

    # -- incoming, strictly in order

    async def read(self):
        while True:
            stanza = await self.stanzas.get()
            try:
                await self.take(stanza, "live")
            except Exception as error:
                emit("error", what="reading", error=repr(error)[:500])

    async def take(self, stanza, road):
        sender = slixmpp.JID(stanza.get("from") or self.boundjid.bare)
        if sender == self.boundjid.bare and road == "live":
            for kind in ("sent", "received"):
                copy = stanza.find(f"{CARBONS}{kind}/{FORWARDED}")
                if copy is not None:
                    return await self.take(copy, "carbon")
        result = stanza.find(ARCHIVED)
        if result is not None:
            copy = result.find(FORWARDED)
            return None if copy is None else await self.take(copy, "archive")
        items = stanza.find(f"{EVENT}event/{EVENT}items")
        if items is not None:
            return await self.take_device_list(sender.bare, items)
        about = {"from": sender.bare, "to": slixmpp.JID(stanza.get("to") or "").bare, "id": stanza.get("id"), "road": road}
        if stanza.get("type") == "error":
            return emit("error", what="returned", **about)
        for name, tag in REFERENCES.items():
            if stanza.find(tag) is not None:
                about[name] = stanza.find(tag).get("id")
        retract = stanza.find(RETRACT)
        if retract is not None:
            emit("retraction", of=retract.get("id"), **about)
        sealed = stanza.find(f"{{{OMEMO}}}encrypted")
        author = sender.bare
        if stanza.get("type") == "groupchat":
            # In a room the author's own address counts (XEP-0384 0.3.0 §4.6).
            author = self.rooms.author(sender)
            about = {**about, "room": sender.bare, "from": author}
        if sealed is not None and self.omemo is not None:
            return await self.open(sealed, author, about)
        body = stanza.findtext(CLIENT + "body")
        if body is not None:
            emit("message", encrypted=False, text=body, **about)

    async def take_device_list(self, jid, items):
        payloads = items.findall(f"{EVENT}item")
        if items.get("node") != DEVICE_LIST or not payloads or len(payloads[-1]) == 0 or self.omemo is None:
            return
        listed = wire.parse_device_list(payloads[-1][0]) if len(payloads[-1][0]) else {}
        await self.omemo.update_device_list(OMEMO, jid, listed)
        emit("devices", jid=jid, devices=list(listed))

    async def open(self, sealed, sender, about):
        own, _ = await self.omemo.get_own_device_information()
        try:
            message = await wire.parse_message(sealed, sender, self.boundjid.bare, self.omemo)
            if sender == self.boundjid.bare and message.device_id == own.device_id:
                return
            plain, device, _ = await self.omemo.decrypt(message)
        except Exception as error:
            return emit("unreadable", why=repr(error)[:300], **about)
        if plain is None:
            return emit("empty", device=device.device_id, **about)
        emit("message", encrypted=True, text=plain.decode(), device=device.device_id, **about)

    # -- outgoing

    def send_sealed(self, to, message, shown=True, send=True, mtype="chat", references={}):
        stanza = self.make_message(mto=to, mtype=mtype)
        stanza["id"] = secrets.token_hex(8)
        for child in list(stanza.xml):
            stanza.xml.remove(child)
        stanza.xml.append(wire.serialize_message(message))
        ET.SubElement(stanza.xml, "{urn:xmpp:hints}store")
        for name, id in references.items():
            if id is not None:
                ET.SubElement(stanza.xml, REFERENCES[name], {"id": id})
        if shown:
            hint = {"namespace": OMEMO, "name": "OMEMO"}
            ET.SubElement(stanza.xml, "{urn:xmpp:eme:0}encryption", hint)
            ET.SubElement(stanza.xml, CLIENT + "body").text = "This message is encrypted."
            ET.SubElement(stanza.xml, "{urn:xmpp:sid:0}origin-id", {"id": stanza["id"]})
            self.last = stanza
        if not send:
            self.kept.append(stanza)
            return stanza["id"]
        stanza.send()
        return stanza["id"]

    async def command(
        self, do, to=None, text=None, node=None, item="current", xml=None, replaces=None, reply=None, of=None, size=None, **_
    ):
        match do:
            case "send":
                await self.omemo.refresh_device_list(OMEMO, to)
                messages, errors = await self.omemo.encrypt(frozenset([to]), {OMEMO: text.encode()})
                references = {"replaces": replaces, "reply": reply}
                ids = [self.send_sealed(to, message, references=references) for message in messages]
                return {"ids": ids, "errors": [repr(error)[:300] for error in errors]}
            case "keep":
                messages, _ = await self.omemo.encrypt(frozenset([to]), {OMEMO: text.encode()})
                for message in messages:
                    self.send_sealed(to, message, send=False)
                return {}
            case "release":
                # The newest first: each overtakes those before it.
                while self.kept:
                    self.kept.pop().send()
                return {}
            case "lose":
                self.kept.clear()
                return {}
            case "join":
                await self.rooms.join(to, text)
                return {}
            case "say-room":
                members = await self.rooms.members(to)
                for member in members:
                    await self.omemo.refresh_device_list(OMEMO, member)
                messages, errors = await self.omemo.encrypt(frozenset(members), {OMEMO: text.encode()})
                for message in messages:
                    self.send_sealed(to, message, mtype="groupchat")
                return {"errors": [repr(error)[:300] for error in errors]}
            case "transport":
                messages, _ = await self.omemo.encrypt(frozenset([to]), {OMEMO: b""})
                for message in messages:
                    sealed = wire.serialize_message(message)
                    payload = sealed.find(f"{{{OMEMO}}}payload")
                    if payload is not None:
                        sealed.remove(payload)
                    stanza = self.make_message(mto=to, mtype="chat")
                    stanza.xml.append(sealed)
                    stanza.send()
                return {}
            case "repeat":
                # The same stanza under another id, as a client does that is not sure whether it was sent.
                again = self.last.xml
                again.set("id", secrets.token_hex(8))
                for origin in again.findall("{urn:xmpp:sid:0}origin-id"):
                    origin.set("id", again.get("id"))
                self.last.send()
                return {}
            case "react":
                self["xep_0444"].send_reactions(to, of, text.split())
                return {}
            case "typing":
                stanza = self.make_message(mto=to, mtype="chat")
                stanza["chat_state"] = text
                stanza.send()
                return {}
            case "retract":
                stanza = self.make_message(mto=to, mtype="chat", mbody="/me deleted a message")
                ET.SubElement(stanza.xml, RETRACT, {"id": of})
                stanza.send()
                return {}
            case "plain":
                self.send_message(to, text, mtype="groupchat" if item == "room" else "chat")
                return {}
            case "nick":
                await self["xep_0172"].publish_nick(text)
                return {}
            case "picture":
                # `of`: another name than that of the bytes; `size`: as it is announced; `node` open: for everybody; `item`: the type that they are called.
                data = base64.b64decode(text)
                name = of or hashlib.sha1(data).hexdigest()
                self["xep_0084"].generate_id = lambda _: name
                open_to_all = self["xep_0004"].make_form(ftype="submit")
                open_to_all.add_field("FORM_TYPE", "hidden", value=PUBSUB + "#publish-options")
                open_to_all.add_field("pubsub#access_model", value="open")
                options = {"options": open_to_all} if node == "open" else {}
                await self["xep_0084"].publish_avatar(data, **options)
                about = {"id": name, "type": "image/png" if item == "current" else item, "bytes": size or str(len(data))}
                await self["xep_0084"].publish_avatar_metadata(about, **options)
                return {"id": name}
            case "no-picture":
                await self["xep_0084"].stop()
                return {}
            case "fetch-picture":
                answer = await self["xep_0084"].retrieve_avatar(to, of)
                data = answer["pubsub"]["items"]["item"]["avatar_data"]["value"]
                return {"text": base64.b64encode(data).decode(), "id": hashlib.sha1(data).hexdigest()}
            case "presence":
                self.send_presence(pshow=text)
                return {}
            case "subscribe" | "subscribed" | "unsubscribed":
                self.send_presence(pto=to, ptype=do)
                return {}
            case "invite":
                self["xep_0249"].send_invitation(slixmpp.JID(to), slixmpp.JID(text))
                return {}
            case "publish":
                await self.publish(node, item, ET.fromstring(xml))
                return {}
            case "bookmark":
                # XEP-0402 §4: for nobody else to read.
                form = self["xep_0004"].make_form(ftype="submit")
                form.add_field("FORM_TYPE", "hidden", value=PUBSUB + "#publish-options")
                for name, value in {"persist_items": "true", "max_items": "max", "send_last_published_item": "never", "access_model": "whitelist"}.items():
                    form.add_field("pubsub#" + name, value=value)
                await self["xep_0060"].publish(None, BOOKMARKS, id=to, payload=ET.fromstring(xml), options=form)
                return {}
            case "unbookmark":
                await self["xep_0060"].retract(None, BOOKMARKS, to, notify=True)
                return {}
            case "bookmarks":
                try:
                    answer = await self["xep_0060"].get_items(None, BOOKMARKS)
                except IqError as error:
                    if error.condition == "item-not-found":
                        return {"bookmarks": {}}
                    raise
                items = answer.xml.findall(f".//{{{PUBSUB}}}item")
                # Without the names that this library gives to namespaces.
                return {"bookmarks": {item.get("id"): describe(item[0]) for item in items if len(item)}}
            case "delete-node":
                await self["xep_0060"].delete_node(None, node)
                return {}
            case "newest":
                payload = await self.newest(to, node)
                return {"xml": None if payload is None else ET.tostring(payload).decode()}
            case "archive":
                answer = await self["xep_0313"].retrieve(with_jid=to)
                for result in answer["mam"]["results"]:
                    self.stanzas.put_nowait(result.xml)
                return {"count": len(answer["mam"]["results"])}
            case "iq":
                iq = self.make_iq_set(ito=to)
                iq.xml.append(ET.fromstring(xml))
                await iq.send()
                return {}
            case "quit":
                await self.disconnect(wait=1)
                return {}
            case _:
                raise ValueError(f"no command {do}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jid", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--resource", default="python")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True, help="PEM file of the authority to trust")
    parser.add_argument("--data", required=True, help="folder of keys and ratchets")
    parser.add_argument("--device", type=int, help="number of a new device, which must not be on the list")
    parser.add_argument("--without-omemo", dest="omemo", action="store_false")
    options = parser.parse_args()
    os.makedirs(options.data, exist_ok=True)
    serve(Client(options), options)


main()
