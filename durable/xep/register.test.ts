import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { line, stanza } from "../testing/stanza.ts";
import {
  buildPasswordChange,
  buildPreauth,
  buildRegistration,
  buildUnregistration,
  parseRegistration,
  requestRegistration,
  wordsOfError,
} from "./register.ts";

const PICTURE = "iVBORw0KGgo=";

/** As XEP-0077 §3.1 and §5 print it. */
test("the fields of XEP-0077 itself are a form, and its page comes only where there are none", () => {
  const legacy = stanza(`<iq type='result' id='reg1'><query xmlns='jabber:iq:register'>
    <instructions>Choose a username and password for use with this service.</instructions>
    <username/><password/><email/></query></iq>`);
  assert.deepEqual(parseRegistration(legacy), {
    kind: "form",
    form: {
      legacy: true,
      instructions: "Choose a username and password for use with this service.",
      fields: [
        { name: "username", kind: "text", required: true, values: [] },
        { name: "password", kind: "secret", required: true, values: [] },
        { name: "email", kind: "text", required: true, values: [] },
      ],
    },
  });
  const page = (url: string, more = "") =>
    stanza(`<iq type='result'><query xmlns='jabber:iq:register'>${more}
      <x xmlns='jabber:x:oob'><url>${url}</url></x></query></iq>`);
  assert.deepEqual(parseRegistration(page("https://a.org/join")), { kind: "web", url: "https://a.org/join" });
  assert.equal(parseRegistration(page("https://a.org/join", "<username/><password/>"))?.kind, "form");
  for (const url of ["javascript:alert(1)", "http://a.org/", "data:text/html,x", ""])
    assert.equal(parseRegistration(page(url)), undefined, url);
});

/** As ejabberd 23 writes it: XEP-0158 with the picture by XEP-0231, and ways round it. */
test("a data form comes first, with its picture, and what a person need not see stays hidden", () => {
  const offer = parseRegistration(
    stanza(`<iq type='result'><query xmlns='jabber:iq:register'><username/><password/>
      <x xmlns='jabber:x:data' type='form'><instructions>You need a client that supports x:data</instructions>
        <field type='hidden' var='FORM_TYPE'><value>urn:xmpp:captcha</value></field>
        <field type='hidden' var='challenge'><value>7</value></field>
        <field type='text-single' var='username' label='User'><required/></field>
        <field type='text-private' var='password' label='Password'><required/></field>
        <field type='fixed' var='captcha-fallback-text'><value>If you don't see the CAPTCHA image…</value></field>
        <field type='text-single' var='ocr' label='Enter the text you see'><required/>
          <media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:sha1+ab@bob.xmpp.org</uri></media></field>
      </x>
      <data xmlns='urn:xmpp:bob' cid='sha1+ab@bob.xmpp.org' type='image/png'>iVBORw0K\n Ggo=</data></query></iq>`),
  );
  assert.equal(offer?.kind, "form");
  if (offer?.kind !== "form") return;
  assert.equal(offer.form.legacy, false);
  assert.deepEqual(
    offer.form.fields.map(({ name, kind }) => [name, kind]),
    [
      ["FORM_TYPE", "hidden"],
      ["challenge", "hidden"],
      ["username", "text"],
      ["password", "secret"],
      ["captcha-fallback-text", "hidden"],
      ["ocr", "text"],
    ],
  );
  assert.deepEqual(offer.form.fields.at(-1)?.picture, { data: PICTURE });
});

test("S1: a form is bounded in fields, options and letters, and a picture that lies elsewhere is not asked for", () => {
  const long = "x".repeat(FORM_LIMITS.formText + 50);
  const field = (n: number) =>
    `<field type='list-single' var='f${n}' label='${long}'>${"<option><value>1</value></option>".repeat(300)}</field>`;
  const big = "A".repeat(FORM_LIMITS.formPictureLength + 4);
  const offer = parseRegistration(
    stanza(`<iq type='result'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>
      <field var='username' label='${long}'>
        <media xmlns='urn:xmpp:media-element'><uri type='image/png'>https://elsewhere.example/p.png</uri>
        <uri type='image/png'>cid:big</uri><uri type='image/png'>cid:script</uri></media></field>
      ${Array.from({ length: 60 }, (_, n) => field(n)).join("")}</x>
      <data xmlns='urn:xmpp:bob' cid='big'>${big}</data><data xmlns='urn:xmpp:bob' cid='script'>&lt;svg/&gt;</data>
      </query></iq>`),
  );
  assert.ok(offer?.kind === "form");
  const [username, choice] = offer.form.fields;
  assert.equal(offer.form.fields.length, FORM_LIMITS.formFields);
  assert.equal(username?.label?.length, FORM_LIMITS.formText);
  assert.equal(username?.picture, undefined);
  assert.equal(choice?.options?.length, FORM_LIMITS.formOptions);
});

test("what is sent is what XEP-0077, 0445 and 0004 print", () => {
  assert.equal(
    line(requestRegistration("shakespeare.lit").toString()),
    line(`<iq type="get" to="shakespeare.lit"><query xmlns="jabber:iq:register"/></iq>`),
  );
  assert.equal(
    line(buildPreauth("a.org", "TOKEN").toString()),
    line(`<iq type="set" to="a.org"><preauth xmlns="urn:xmpp:pars:0" token="TOKEN"/></iq>`),
  );
  const answers = [
    { name: "username", values: ["bill"] },
    { name: "password", values: ["Call<me>\u0000"] },
    { name: "remove", values: ["1"] },
  ];
  assert.equal(
    line(buildRegistration("a.org", { legacy: true, answers }).toString()),
    line(`<iq type="set" to="a.org"><query xmlns="jabber:iq:register"><username>bill</username>
      <password>Call&lt;me&gt;\u{FFFD}</password></query></iq>`),
    "nothing but fields: no name makes it a deletion",
  );
  assert.equal(
    line(buildRegistration("a.org", { legacy: false, answers: [{ name: "x", values: ["a", "b"] }] }).toString()),
    line(`<iq type="set" to="a.org"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit">
      <field var="x"><value>a</value><value>b</value></field></x></query></iq>`),
  );
  assert.equal(
    line(buildPasswordChange("shakespeare.lit", "bill", "newpass").toString()),
    line(`<iq type="set" to="shakespeare.lit"><query xmlns="jabber:iq:register"><username>bill</username>
      <password>newpass</password></query></iq>`),
  );
  assert.equal(
    line(buildUnregistration().toString()),
    line(`<iq type="set"><query xmlns="jabber:iq:register"><remove/></query></iq>`),
  );
});

test("a server's own words about a refusal are one line of bounded length", () => {
  const refused = stanza(`<iq type='error'><error type='modify'>
    <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
    <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>The password\n is too  weak ${"!".repeat(2_000)}</text></error></iq>`);
  const words = wordsOfError(refused);
  assert.match(words ?? "", /^The password is too weak !/);
  assert.equal(words?.length, FORM_LIMITS.formText);
  assert.equal(wordsOfError(stanza("<iq type='error'><error/></iq>")), undefined);
});

test("S21: a server cannot choose a name or a password behind the person's back", () => {
  const offer = parseRegistration(
    stanza(`<iq type='result'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>
      <field type='hidden' var='username'><value>mallory</value></field>
      <field type='hidden' var='password'><value>known to them</value></field></x></query></iq>`),
  );
  assert.ok(offer?.kind === "form");
  assert.deepEqual(
    offer.form.fields.map(({ name, kind }) => [name, kind]),
    [
      ["username", "text"],
      ["password", "secret"],
    ],
  );
});
