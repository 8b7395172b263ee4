/** A small picture as it is shown: fetched, decoded, cut to its place. The page does this, and so do its workers. */

/** The picture at an address, as it covers `width` by `height` pixels of the screen, in no more pixels than these;
 * null where there is none, or it is no longer wanted. */
export async function decoded(address, width, height, signal) {
  try {
    const answer = await fetch(address, { signal, priority: "low", headers: { accept: "image/*" } });
    const bytes = await answer.blob();
    return answer.status === 200 && !signal.aborted ? await cut(await createImageBitmap(bytes), width, height) : null;
  } catch {
    return null; // not there, not to be had, or no picture: the file's kind is shown in its place
  }
}

/** The middle of a picture that covers so many pixels; the rest of what was decoded is let go. */
async function cut(whole, width, height) {
  if (!width || !height) return whole;
  const scale = Math.max(width / whole.width, height / whole.height);
  const [across, down] = [Math.round(width / scale), Math.round(height / scale)];
  const shrunk = Math.min(1, scale);
  const part = await createImageBitmap(
    whole,
    Math.floor((whole.width - across) / 2),
    Math.floor((whole.height - down) / 2),
    Math.max(1, across),
    Math.max(1, down),
    {
      resizeWidth: Math.max(1, Math.round(across * shrunk)),
      resizeHeight: Math.max(1, Math.round(down * shrunk)),
      resizeQuality: "medium",
    },
  );
  whole.close();
  return part;
}
