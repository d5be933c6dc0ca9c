import assert from "node:assert/strict";
import { test } from "node:test";
import { line, stanza } from "../testing/stanza.ts";
import { parseInfo } from "./disco.ts";
import { parseSlot, parseUploadFeature, requestSlot } from "./http-upload.ts";

const CURRENT = "urn:xmpp:http:upload:0";
const OLD = "urn:xmpp:http:upload";
const file = { name: "tres-cool.jpg", size: 23_456, type: "image/jpeg" };

function feature(query: string) {
  const info = parseInfo(
    stanza(`<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>${query}</query></iq>`),
  );
  assert.ok(info);
  return parseUploadFeature(info);
}

const form = (type: string, size: string) =>
  `<x type='result' xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>${type}</value></field>
   <field var='max-file-size'><value>${size}</value></field></x>`;

test("0363 §4: a service says that it takes files, and how large they may be", () => {
  const identity = `<identity category='store' type='file' name='HTTP File Upload'/>`;
  assert.deepEqual(feature(`${identity}<feature var='${CURRENT}'/>${form(CURRENT, "5242880")}`), {
    namespace: CURRENT,
    mostBytes: 5_242_880,
  });
  assert.deepEqual(feature(`<feature var='${OLD}'/>${form(OLD, "1024")}`), { namespace: OLD, mostBytes: 1_024 });
  assert.deepEqual(feature(`<feature var='${OLD}'/><feature var='${CURRENT}'/>`), { namespace: CURRENT });
  assert.equal(feature(`<feature var='urn:xmpp:http:upload:1'/>`), undefined);
  for (const nonsense of ["", "-1", "0", "1e9", "many", "9".repeat(30)])
    assert.deepEqual(feature(`<feature var='${CURRENT}'/>${form(CURRENT, nonsense)}`), { namespace: CURRENT });
});

test("0363 §5: a slot is asked for in both namespaces", () => {
  assert.equal(
    requestSlot("upload.montague.tld", CURRENT, file).toString(),
    line(`<iq type='get' to='upload.montague.tld'>
      <request xmlns='urn:xmpp:http:upload:0' filename='tres-cool.jpg' size='23456' content-type='image/jpeg'/></iq>`),
  );
  assert.equal(
    requestSlot("upload.montague.tld", OLD, file).toString(),
    line(`<iq type='get' to='upload.montague.tld'><request xmlns='urn:xmpp:http:upload'>
      <filename>tres-cool.jpg</filename><size>23456</size><content-type>image/jpeg</content-type></request></iq>`),
  );
});

test("0363 §5: a slot with its headers, as the example of the specification", () => {
  const slot = parseSlot(
    stanza(`<iq from='upload.montague.tld' id='step_03' to='romeo@montague.tld/garden' type='result'>
      <slot xmlns='urn:xmpp:http:upload:0'>
        <put url='https://upload.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tres-cool.jpg'>
          <header name='Authorization'>Basic Base64String==</header><header name='Cookie'>foo=bar; user=romeo</header>
        </put>
        <get url='https://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tres-cool.jpg'/>
      </slot></iq>`),
    CURRENT,
  );
  assert.deepEqual(slot, {
    put: "https://upload.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tres-cool.jpg",
    get: "https://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tres-cool.jpg",
    headers: [
      ["authorization", "Basic Base64String=="],
      ["cookie", "foo=bar; user=romeo"],
    ],
  });
});

test("0363 §5: only Authorization, Cookie and Expires pass, without line breaks", () => {
  const headers = `<header name='Host'>evil.example</header><header name='X-Forwarded-For'>127.0.0.1</header>
    <header name='EXPIRES'>Mon, 27 Nov 2026 00:00:00 GMT</header><header name='Coo&#10;kie'>a=b&#13;&#10;Host: x</header>
    <header name='Content-Length'>1</header><header name='Authorization'>\u{1f600}</header><header name='Cookie'/>`;
  const slot = parseSlot(
    stanza(`<iq type='result'><slot xmlns='${CURRENT}'><put url='https://u.example/a'>${headers}</put>
      <get url='https://u.example/a'/></slot></iq>`),
    CURRENT,
  );
  assert.deepEqual(slot?.headers, [
    ["expires", "Mon, 27 Nov 2026 00:00:00 GMT"],
    ["cookie", "a=bHost: x"],
  ]);
});

test("0363: a slot of the old namespace has its addresses as text; half a slot is none", () => {
  const slot = (inside: string, namespace: string) =>
    parseSlot(
      stanza(`<iq type='result'><slot xmlns='${namespace}'>${inside}</slot></iq>`),
      namespace as typeof CURRENT | typeof OLD,
    );
  assert.deepEqual(slot("<put> https://u.example/put </put><get>https://u.example/get</get>", OLD), {
    put: "https://u.example/put",
    get: "https://u.example/get",
    headers: [],
  });
  assert.equal(slot("<put>https://u.example/put</put>", OLD), undefined);
  assert.equal(slot("<put url='https://u.example/put'/><get/>", CURRENT), undefined);
  assert.equal(slot("", CURRENT), undefined);
});
