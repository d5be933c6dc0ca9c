#!/usr/bin/python3
"""A device of python-oldmemo, one JSON command a line, one JSON answer a line:
   {"do": "bundle"} | {"do": "meet", "bundle": …} | {"do": "write", "text": …} | {"do": "transport"}
   {"do": "read", "omemo": …, "sign": 0 | 1}"""
import asyncio, base64, json, sys
import oldmemo.oldmemo as old
import x3dh, xeddsa
from omemo.identity_key_pair import IdentityKeyPair
from omemo.storage import Just, Nothing, Storage

US, THEM, DEVICE, THEIR_DEVICE = 'us@python.example', 'them@browser.example', 4711, 1


class Memory(Storage):
    def __init__(self):
        super().__init__(True)
        self.rows = {}

    async def _load(self, key):
        return Just(self.rows[key]) if key in self.rows else Nothing()

    async def _store(self, key, value):
        self.rows[key] = value

    async def _delete(self, key):
        self.rows.pop(key, None)


def b64(data):
    return base64.b64encode(data).decode('ascii')


def raw(text):
    return base64.b64decode(text)


serialize, parse = old.StateImpl.serialize_public_key, old.StateImpl.parse_public_key


class Device:
    def __init__(self, backend):
        self.backend = backend
        self.session = None
        self.bundle_of_them = None

    async def bundle(self):
        bundle = await self.backend.get_bundle(US, DEVICE)
        keys = bundle.bundle
        signature = bytearray(keys.signed_pre_key_sig)
        signature[63] |= keys.identity_key[31] & 0x80
        return {
            'identityKey': b64(serialize(xeddsa.ed25519_pub_to_curve25519_pub(keys.identity_key))),
            'signedPreKey': {'id': bundle.signed_pre_key_id, 'key': b64(serialize(keys.signed_pre_key)), 'signature': b64(bytes(signature))},
            'preKeys': [{'id': bundle.pre_key_ids[k], 'key': b64(serialize(k))} for k in keys.pre_keys],
        }

    def meet(self, bundle):
        signed = bundle['signedPreKey']
        signature = bytearray(raw(signed['signature']))
        identity = xeddsa.curve25519_pub_to_ed25519_pub(parse(raw(bundle['identityKey'])), bool(signature[63] >> 7))
        signature[63] &= 0x7f
        ids = {parse(raw(k['key'])): k['id'] for k in bundle['preKeys']}
        keys = x3dh.Bundle(identity, parse(raw(signed['key'])), bytes(signature), frozenset(ids))
        self.bundle_of_them = old.BundleImpl(THEM, THEIR_DEVICE, keys, signed['id'], ids)

    async def seal(self, content, material):
        if self.session is None:
            self.session, key = await self.backend.build_session_active(THEM, THEIR_DEVICE, self.bundle_of_them, material)
        else:
            key = await self.backend.encrypt_key_material(self.session, material)
        data, prekey = key.serialize(), False
        if self.session.initiation.name == 'ACTIVE' and not self.session.confirmed:
            data, prekey = self.session.key_exchange.serialize(data)[0], True
        omemo = {'sid': DEVICE, 'iv': b64(content.initialization_vector or bytes(12)), 'keys': [{'rid': THEIR_DEVICE, 'prekey': prekey, 'data': b64(data)}]}
        return omemo if content.empty else {**omemo, 'payload': b64(content.ciphertext)}

    async def read(self, omemo, sign):
        key = omemo['keys'][0]
        data = raw(key['data'])
        if key['prekey']:
            exchange, data = old.KeyExchangeImpl.parse(data, bool(sign))
            message = old.EncryptedKeyMaterialImpl.parse(data, US, DEVICE)
            if self.session is None or not self.session.key_exchange.builds_same_session(exchange):
                self.session, material = await self.backend.build_session_passive(THEM, THEIR_DEVICE, exchange, message)
            else:
                material = await self.backend.decrypt_key_material(self.session, message)
        else:
            message = old.EncryptedKeyMaterialImpl.parse(data, US, DEVICE)
            material = await self.backend.decrypt_key_material(self.session, message)
        if 'payload' not in omemo:
            return {'transport': len(material.key + material.auth_tag)}
        content = old.ContentImpl(raw(omemo['payload']), raw(omemo['iv']))
        return {'text': (await self.backend.decrypt_plaintext(content, material)).decode('utf-8')}


async def main():
    storage = Memory()
    await IdentityKeyPair.get(storage)
    backend = old.Oldmemo(storage)
    await backend.generate_pre_keys(100)
    device = Device(backend)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            match command['do']:
                case 'bundle':
                    answer = await device.bundle()
                case 'meet':
                    device.meet(command['bundle'])
                    answer = {}
                case 'write':
                    answer = await device.seal(*await backend.encrypt_plaintext(command['text'].encode('utf-8')))
                case 'transport':
                    answer = await device.seal(*await backend.encrypt_empty())
                case 'read':
                    answer = await device.read(command['omemo'], command['sign'])
        except Exception as error:
            answer = {'error': repr(error)}
        print(json.dumps(answer), flush=True)


asyncio.run(main())
