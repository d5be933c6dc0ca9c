/** What is behind a link, for whoever is about to send it: asked of the Worker, its picture drawn anew and small. */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import { type LinkPreview, PREVIEW_ROUTE } from "../../../worker/contract/preview.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { fromBase64 } from "../../../worker/shared/base64.ts";
import { PICTURE_BYTES, PICTURE_SIDE } from "../../media/link-details.ts";
import type { MadePreview } from "../protocol/files.ts";
import { smallPicture } from "./pictures.ts";
import { askSigned } from "./road.ts";

/** Throws where `signal` has ended it. */
export async function makePreview(
  browser: BrowserId,
  url: string,
  signal: AbortSignal,
): Promise<MadePreview | Failure> {
  const response = await askSigned(browser, PREVIEW_ROUTE, { url }, signal);
  if (!(response instanceof Response)) return response;
  const { value } = (await response.json()) as Extract<Result<LinkPreview>, { readonly ok: true }>;
  const { title, description, picture } = value;
  const bytes = picture === undefined ? undefined : fromBase64(picture);
  const drawn = bytes && (await smallPicture(new Blob([bytes]), PICTURE_SIDE, PICTURE_BYTES));
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(drawn && { picture: drawn }),
  };
}
