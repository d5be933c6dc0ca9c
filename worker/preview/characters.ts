/** References to characters in HTML (WHATWG HTML §13.5), those that titles are written with. */

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", ensp: " ", emsp: " ", thinsp: " ", shy: "" },
  ...{ ndash: "–", mdash: "—", hellip: "…", middot: "·", bull: "•", laquo: "«", raquo: "»", lsaquo: "‹", rsaquo: "›" },
  ...{ lsquo: "‘", rsquo: "’", sbquo: "‚", ldquo: "“", rdquo: "”", bdquo: "„", copy: "©", reg: "®", trade: "™" },
  ...{ euro: "€", pound: "£", yen: "¥", cent: "¢", sect: "§", deg: "°", times: "×", frac12: "½", eacute: "é" },
  ...{ egrave: "è", ecirc: "ê", agrave: "à", aacute: "á", acirc: "â", ccedil: "ç", ntilde: "ñ", oacute: "ó" },
  ...{ iacute: "í", uacute: "ú", auml: "ä", ouml: "ö", uuml: "ü", Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß" },
};
const LAST_CODE_POINT = 0x10_ff_ff;

/** Once: what stands for `&amp;lt;` is the text `&lt;`. What nobody knows stays as it is written. */
export function withCharacters(text: string): string {
  return text.replace(
    /&(?:#([0-9]{1,12})|#[xX]([0-9a-fA-F]{1,12})|([A-Za-z][A-Za-z0-9]{1,10}));?/g,
    (all, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(NAMED, String(name)) ? (NAMED[String(name)] ?? all) : all;
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      const isCharacter = code > 0 && code <= LAST_CODE_POINT && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}
