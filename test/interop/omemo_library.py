"""What python-omemo wants of its user: a place for keys and ratchets, and the network."""
import json
import os

import oldmemo
import oldmemo.etree as wire
import omemo
from omemo.storage import Just, Nothing, Storage

OMEMO = oldmemo.oldmemo.NAMESPACE
DEVICE_LIST = OMEMO + ".devicelist"
BUNDLES = OMEMO + ".bundles:"


class FolderStorage(Storage):
    """Everything the library wants to keep, in one JSON file that is replaced as a whole."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.rows = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.rows = json.load(file)

    def save(self):
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.rows, file)
        os.replace(self.path + ".new", self.path)

    async def _load(self, key):
        return Just(self.rows[key]) if key in self.rows else Nothing()

    async def _store(self, key, value):
        self.rows[key] = value
        self.save()

    async def _delete(self, key):
        self.rows.pop(key, None)
        self.save()


def fingerprint(key):
    return "".join(omemo.SessionManager.format_identity_key(key)).replace(" ", "").lower()


def manager_class(client):
    """python-omemo asks its user for the network; here it is `client`. Every new device is trusted."""

    class Manager(omemo.SessionManager):
        @staticmethod
        async def _upload_bundle(bundle):
            await client.publish(f"{BUNDLES}{bundle.device_id}", "current", wire.serialize_bundle(bundle))

        @staticmethod
        async def _download_bundle(namespace, bare_jid, device_id):
            payload = await client.newest(bare_jid, f"{BUNDLES}{device_id}")
            if payload is None:
                raise omemo.BundleNotFound()
            try:
                return wire.parse_bundle(payload, bare_jid, device_id)
            except Exception as error:
                raise omemo.BundleDownloadFailed(repr(error)) from error

        @staticmethod
        async def _delete_bundle(namespace, device_id):
            await client["xep_0060"].delete_node(None, f"{BUNDLES}{device_id}")

        @staticmethod
        async def _upload_device_list(namespace, device_list):
            await client.publish(DEVICE_LIST, "current", wire.serialize_device_list(device_list))

        @staticmethod
        async def _download_device_list(namespace, bare_jid):
            payload = await client.newest(bare_jid, DEVICE_LIST)
            # The library's schema refuses an empty list.
            return {} if payload is None or len(payload) == 0 else wire.parse_device_list(payload)

        async def _evaluate_custom_trust_level(self, device):
            return omemo.TrustLevel.TRUSTED if device.trust_level_name == "trusted" else omemo.TrustLevel.UNDECIDED

        async def _make_trust_decision(self, undecided, identifier):
            for device in undecided:
                await self.set_trust(device.bare_jid, device.identity_key, "trusted")

        @staticmethod
        async def _send_message(message, bare_jid):
            client.send_sealed(bare_jid, message, shown=False)

    if client.options.device is not None:
        # The only id to choose from: the number of a device whose keys are lost.
        Manager.DEVICE_ID_MIN, Manager.DEVICE_ID_MAX = client.options.device, client.options.device + 1
    return Manager
