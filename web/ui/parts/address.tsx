/** An address, or a name that may be one: on as many lines as it needs, each of whole words. */
export function Address({ words, class: kind }: { readonly words: string; readonly class?: string }) {
  return <bdi class={kind}>{words.split(/(?<=[@.])/).map((part) => [part, <wbr />])}</bdi>;
}
