/** A stream of Opus (RFC 6716) without the container that it came in: what is said of it once, and its packets. */

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * `head`: the identification header (`OpusHead`, RFC 7845 §5.1). `packets`: in their order. `spare`: samples of the last packet
 * that are not played, at 48 kHz.
 */
export type OpusStream = { readonly head: Bytes; readonly packets: readonly Bytes[]; readonly spare: number };

/** Whatever it was sampled with, Opus counts in these (RFC 7845 §4). */
const OPUS_RATE = 48_000;
const HEAD_BYTES = 19;
const MAGIC = "OpusHead";
/** RFC 6716 §3.1, table 2: samples of a frame by the lowest bits of its configuration. */
const [SILK, HYBRID, CELT] = [
  [480, 960, 1_920, 2_880],
  [480, 960],
  [120, 240, 480, 960],
] as const;
/** A packet is never longer (§3.2, R5). */
const PACKET_SAMPLES = 5_760;

/** Whether it is a header of one stream, mono or stereo: channel mapping family 0 (RFC 7845 §5.1.1.1). */
export function isOpusHead(head: Uint8Array): boolean {
  const [version = 0, channels = 0] = head.subarray(MAGIC.length);
  const named = String.fromCharCode(...head.subarray(0, MAGIC.length)) === MAGIC;
  return (
    named && head.length === HEAD_BYTES && version >> 4 === 0 && (channels === 1 || channels === 2) && head[18] === 0
  );
}

/** Samples at the beginning that are decoded and not played. */
export function preSkipOf(head: Uint8Array): number {
  return (head[10] ?? 0) | ((head[11] ?? 0) << 8);
}

/** How long a packet is, in samples at 48 kHz; 0: it is none. */
export function packetSamples(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  if (packet.length === 0) return 0;
  const configuration = toc >> 3;
  const frame =
    configuration < 12
      ? (SILK[configuration & 3] ?? 0)
      : configuration < 16
        ? (HYBRID[configuration & 1] ?? 0)
        : (CELT[configuration & 3] ?? 0);
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : packet.length > 1 ? count & 63 : 0;
  const samples = frame * frames;
  return samples > PACKET_SAMPLES ? 0 : samples;
}

/** What is played of a stream, in milliseconds. */
export function opusDuration({ head, packets, spare }: OpusStream): number {
  const samples = packets.reduce((sum, packet) => sum + packetSamples(packet), 0) - preSkipOf(head) - spare;
  return Math.max(0, Math.round((samples / OPUS_RATE) * 1_000));
}
