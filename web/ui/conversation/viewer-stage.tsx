import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { spread, toggled, Touching, wheeled } from "../../model/files/zoom.ts";

type Properties = {
  readonly scale: number;
  readonly onScale: (scale: number) => void;
  /** A finger has drawn a picture aside that is as large as the window: to the left is below 0. */
  readonly onDrawn: (along: number) => void;
  readonly children: ComponentChildren;
};

/** Where it is held while it becomes larger: a place in the window, and what part of the picture is there. */
type Held = { readonly x: number; readonly y: number; readonly along: number; readonly down: number };

/** The place of a picture: by two fingers or a wheel it becomes larger about where they are, by one it is drawn. */
export function ViewerStage({ scale, onScale, onDrawn, children }: Properties) {
  const stage = useRef<HTMLDivElement>(null);
  const touching = useRef(new Touching());
  const held = useRef<Held | undefined>(undefined);
  const now = useRef(scale);
  now.current = scale;

  /** To another size, about a place in the window. */
  const scaleTo = (next: number, { x, y }: { readonly x: number; readonly y: number }) => {
    const place = stage.current;
    if (place === null || next === now.current) return;
    const { left, top } = place.getBoundingClientRect();
    const along = (place.scrollLeft + x - left) / place.scrollWidth;
    const down = (place.scrollTop + y - top) / place.scrollHeight;
    held.current = { x: x - left, y: y - top, along, down };
    now.current = next;
    onScale(next);
  };
  useLayoutEffect(() => {
    const [place, about] = [stage.current, held.current];
    held.current = undefined;
    if (place === null || about === undefined) return;
    place.scrollLeft = about.along * place.scrollWidth - about.x;
    place.scrollTop = about.down * place.scrollHeight - about.y;
  }, [scale]);
  useLayoutEffect(() => {
    const place = stage.current;
    // Of the framework's own listeners none may keep a wheel from what it does else.
    const turned = (event: WheelEvent) => {
      if (event.deltaY === 0) return;
      event.preventDefault();
      scaleTo(wheeled(now.current, event), { x: event.clientX, y: event.clientY });
    };
    place?.addEventListener("wheel", turned, { passive: false });
    return () => place?.removeEventListener("wheel", turned);
  }, []);

  const at = ({ clientX: x, clientY: y }: PointerEvent) => ({ x, y });
  const over = (event: PointerEvent, wanted: boolean) => {
    const along = touching.current.up(event.pointerId, at(event));
    if (wanted && along !== undefined && now.current === 1 && event.pointerType !== "mouse") onDrawn(along);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: buttons and keys of the viewer do the same
    <div
      ref={stage}
      class="viewer-stage"
      data-zoomed={scale > 1}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        touching.current.down(event.pointerId, at(event));
      }}
      onPointerMove={(event) => {
        const moved = touching.current.move(event.pointerId, at(event));
        if (moved?.kind === "drawn") event.currentTarget.scrollBy(-moved.x, -moved.y);
        else if (moved?.kind === "spread") scaleTo(spread(now.current, moved.by), moved);
      }}
      onPointerUp={(event) => over(event, true)}
      onPointerCancel={(event) => over(event, false)}
      onLostPointerCapture={(event) => over(event, false)}
      onDblClick={(event) => scaleTo(toggled(now.current), { x: event.clientX, y: event.clientY })}
    >
      {children}
    </div>
  );
}
