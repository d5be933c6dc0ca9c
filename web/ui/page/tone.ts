/** Two soft notes, made here: no file, and nothing that another app sounds like. */

const NOTES = [
  { hertz: 659.3, at: 0 },
  { hertz: 880, at: 0.12 },
] as const;
const LENGTH_S = 0.5;
const LOUD = 0.12;
const SILENT = 0.0001;

let audio: AudioContext | undefined;

/** Silent where the browser lets no page sound that was not touched since it was opened. */
export async function playTone(): Promise<void> {
  audio ??= new AudioContext();
  if (audio.state === "suspended") await audio.resume();
  const now = audio.currentTime;
  for (const { hertz, at } of NOTES) {
    const [note, volume] = [audio.createOscillator(), audio.createGain()];
    note.type = "sine";
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(SILENT, now + at);
    volume.gain.exponentialRampToValueAtTime(LOUD, now + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(SILENT, now + at + LENGTH_S);
    note.connect(volume).connect(audio.destination);
    note.start(now + at);
    note.stop(now + at + LENGTH_S);
  }
}
