import { head, MEGABYTE, meta, page, pictured, SITE, type HostilePage } from "./hostile-page.ts";

/** What a page says of itself, and the picture that it names. */
export const HOSTILE_HEADS: readonly HostilePage[] = [
  {
    what: "a title of one megabyte",
    path: "/long",
    answer: page(`<title>${"a".repeat(MEGABYTE)}</title>`),
    shown: { title: `${"a".repeat(199)}…` },
  },
  {
    what: "a title of references",
    path: "/references",
    answer: page(`<title>${"&#x202e;&zwj;&#0;&#xd800;&#99999999;".repeat(9_000)}seen</title>`),
    shown: { title: expectedReferences() },
  },
  {
    what: "a title that turns the direction",
    path: "/bidi",
    answer: page("<title>gpj\u202e.exe\u2066 a\u200f\u061c</title>"),
    shown: { title: "gpj.exe a" },
  },
  {
    what: "a title of control characters",
    path: "/control",
    answer: page("<title>a\u0000b\u0007c\u001b[31m\u0085d\u2028e</title>"),
    shown: { title: "a b c [31m d e" },
  },
  {
    what: "a title of what is not seen",
    path: "/unseen",
    answer: page("<title>\u200b\u2060\u3164\u00ad\u{e0041}</title>"),
    shown: "nothing",
  },
  {
    what: "a title with a heap of marks",
    path: "/heap",
    answer: page(`<title>a${"\u0316".repeat(5_000)}b</title>`),
    shown: { title: `a${"\u0316".repeat(4)}` },
  },
  {
    what: "a title that is a script",
    path: "/script",
    answer: page("<title><script>alert(1)</script><img src=x onerror=alert(1)></title>"),
    shown: { title: "<script>alert(1)</script><img src=x onerror=alert(1)>" },
  },
  {
    what: "a title in a script",
    path: "/inscript",
    answer: page(`<script>"<title>No</title>"</script><!-- <title>No</title> --><title>Yes</title>`),
    shown: { title: "Yes" },
  },
  { what: "a title in the body", path: "/inbody", answer: { body: "<body><title>No</title>" }, shown: "nothing" },
  {
    what: "an encoding that is a lie",
    path: "/liar",
    answer: { type: "text/html; charset=utf-16", body: "<title>x</title>" },
    shown: "nothing",
  },
  {
    what: "an encoding that nobody knows",
    path: "/unknown",
    answer: { type: "text/html; charset=x-none", body: head("<title>Ü</title>") },
    shown: { title: "Ü" },
  },
  {
    what: "UTF-16 in a page of ASCII",
    path: "/meta16",
    answer: { type: "text/html", body: head("<meta charset=utf-16><title>x</title>") },
    shown: { title: "x" },
  },
  {
    what: "Latin letters in another encoding",
    path: "/latin",
    answer: { type: "text/html", body: Buffer.from(head('<meta charset="iso-8859-1"><title>Köln</title>'), "latin1") },
    shown: { title: "Köln" },
  },
  {
    what: "Russian in its own",
    path: "/russian",
    answer: {
      type: "text/html; charset=windows-1251",
      body: Buffer.concat([
        Buffer.from("<title>"),
        Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
        Buffer.from("</title>"),
      ]),
    },
    shown: { title: "Привет" },
  },
  {
    what: "bytes that are no UTF-8",
    path: "/bytes",
    answer: {
      body: Buffer.concat([Buffer.from("<title>a"), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from("b</title>")]),
    },
    shown: { title: "a\ufffd\ufffd\ufffdb" },
  },
  {
    what: "a page that says it is a picture",
    path: "/type",
    answer: { type: "image/png", body: head("<title>x</title>") },
    shown: "nothing",
  },
  {
    what: "SVG in the place of a page",
    path: "/svg",
    answer: { type: "image/svg+xml", body: "<svg><title>x</title></svg>" },
    shown: "nothing",
  },
  {
    what: "a page without a type",
    path: "/untyped",
    answer: { type: "", body: head("<title>x</title>") },
    shown: "nothing",
  },
  {
    what: "an error with a title",
    path: "/gone",
    answer: { status: 404, body: head("<title>Buy here</title>") },
    shown: "gone",
  },
  {
    what: "a page for those who sign in",
    path: "/401",
    answer: { status: 401, body: head("<title>x</title>") },
    shown: "refused",
  },
  { what: "a picture that is a script", path: "/p1", answer: pictured("javascript:alert(1)"), shown: { title: "T" } },
  {
    what: "one that is a data: URL",
    path: "/p2",
    answer: pictured("data:image/png;base64,iVBORw0KGgo="),
    shown: { title: "T" },
  },
  {
    what: "one of a private network",
    path: "/p3",
    answer: pictured("https://inside.alcove-corpus.net/a.png"),
    shown: { title: "T" },
  },
  { what: "one that moves to a private network", path: "/p4", answer: pictured("/away.png"), shown: { title: "T" } },
  { what: "one that is SVG", path: "/p5", answer: pictured("/drawn.svg"), shown: { title: "T" } },
  { what: "one that is a page", path: "/p6", answer: pictured("/liar.png"), shown: { title: "T" } },
  { what: "one that is too large", path: "/p7", answer: pictured("/huge.png"), shown: { title: "T" } },
  { what: "one without end", path: "/p8", answer: pictured("/endless.png"), shown: { title: "T" } },
  { what: "one that is a bomb", path: "/p9", answer: pictured("/bomb.png"), shown: { title: "T" } },
  {
    what: "one over http, which is asked over https",
    path: "/p10",
    answer: pictured(`http://${SITE}/good.png`),
    shown: { title: "T", picture: true },
  },
  {
    what: "a good page",
    path: "/good",
    answer: page(
      `${meta("og:title", "Tom &amp; &quot;Jerry&quot;")}${meta("og:description", "Two\n lines")}${meta("og:image", "good.png")}`,
    ),
    shown: { title: 'Tom & "Jerry"', description: "Two lines", picture: true },
  },
];

/** What a line of references looks like: what is no character stands as U+FFFD, what turns is gone, what nobody knows stays. */
function expectedReferences(): string {
  return `${[..."&zwj;\ufffd\ufffd\ufffd".repeat(200)].slice(0, 199).join("")}…`;
}
