import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, readServerInvitation } from "./server-invitation.ts";

const BOB = "bob@example.org";

test("the links of XEP-0401 and 0379 say who invites, where, and whether an account can be made", () => {
  for (const { link, is } of [
    {
      link: `xmpp:${BOB}?roster;preauth=TOKEN;ibr=y`,
      is: { domain: "example.org", token: "TOKEN", inviter: BOB, makesAccount: true },
    },
    {
      link: `xmpp:${BOB}?roster;preauth=TOKEN`,
      is: { domain: "example.org", token: "TOKEN", inviter: BOB, makesAccount: false },
    },
    {
      link: "xmpp:Example.org?register;preauth=TOKEN",
      is: { domain: "example.org", token: "TOKEN", makesAccount: true },
    },
    {
      link: "xmpp:juliet@example.org?register;preauth=a%2Bb",
      is: { domain: "example.org", token: "a+b", name: "juliet", makesAccount: true },
    },
    {
      link: ` XMPP:${BOB}?roster;name=Bob;preauth=TOKEN;ibr=y `,
      is: { domain: "example.org", token: "TOKEN", inviter: BOB, makesAccount: true },
    },
  ])
    assert.deepEqual(readServerInvitation(link), is, link);
});

test("a link to this page carries one behind its #, and is read back", () => {
  const uri = `xmpp:${BOB}?roster;preauth=TOKEN;ibr=y`;
  const link = linkOf(uri, "https://chat.example.net");
  assert.equal(link, "https://chat.example.net/#join=xmpp%3Abob%40example.org%3Froster%3Bpreauth%3DTOKEN%3Bibr%3Dy");
  assert.deepEqual(readServerInvitation(link), readServerInvitation(uri));
});

test("D13: neither an invitation to a deployment, nor any other link or half of one, is taken for a server's", () => {
  for (const link of [
    "https://chat.example.net/#invite=abcdefg2xyz",
    `xmpp:${BOB}`,
    `xmpp:${BOB}?message;body=hi`,
    `xmpp:${BOB}?roster`,
    `xmpp:${BOB}?roster;preauth=`,
    "xmpp:example.org?roster;preauth=TOKEN",
    `xmpp:${BOB}/phone?roster;preauth=TOKEN`,
    `xmpp:${BOB}?join;preauth=TOKEN`,
    "xmpp:%ff?register;preauth=TOKEN",
    `xmpp:${BOB}?register;preauth=${"x".repeat(300)}`,
    `xmpp:${BOB}?register;preauth=a%20b`,
    "https://chat.example.net/#join=%ff",
    "",
  ])
    assert.equal(readServerInvitation(link), undefined, link);
});
