import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/aside.ts";
import { findCode, openCamera } from "../page/camera.ts";

type State = "opening" | "looking" | "refused";

/** What the camera sees, until there is a QR code in it. The camera goes off with it. */
export function QrScanner({ onFound }: { readonly onFound: (words: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<State>("opening");
  useEffect(() => {
    const stop = new AbortController();
    let stream: MediaStream | undefined;
    const off = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const look = async () => {
      stream = await openCamera();
      const shown = video.current;
      if (stop.signal.aborted || shown === null) return off();
      shown.srcObject = stream;
      await shown.play();
      setState("looking");
      const found = await findCode(shown, stop.signal);
      off();
      if (found !== undefined) onFound(found);
    };
    look().catch(() => {
      // Refused, in use, or there is none: browsers name these differently, and what helps is the same.
      off();
      if (!stop.signal.aborted) setState("refused");
    });
    return () => {
      stop.abort();
      off();
    };
  }, []);
  return (
    <div class="scanner">
      {state === "refused" ? undefined : <video ref={video} muted playsInline aria-label={text("scan--picture")} />}
      <p role="status">{text(`scan--${state}`)}</p>
    </div>
  );
}
