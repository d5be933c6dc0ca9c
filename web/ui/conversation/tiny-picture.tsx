import { useLayoutEffect, useRef } from "preact/hooks";
import { drawTinyPicture } from "../../media/tiny-picture.ts";

/** What a picture is about to be, in its frame; nothing where the bytes are no such picture. */
export function TinyPicture({ bytes }: { readonly bytes: Uint8Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const key = bytes.join();
  useLayoutEffect(() => {
    const drawn = drawTinyPicture(bytes);
    if (canvas.current === null || drawn === undefined) return;
    const { width, height, data } = drawn;
    Object.assign(canvas.current, { width, height });
    canvas.current.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [key]);
  return (
    <span class="file-tiny" aria-hidden="true">
      <canvas ref={canvas} width={1} height={1} />
    </span>
  );
}
