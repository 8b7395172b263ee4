/** Addresses of views. Queries stay as the server wrote them, so that names in them keep their exact bytes. */

/** The view that shows what an API address lists. */
export function viewOf(href) {
  return href.replace("/api/models?", "/site?").replace("/api/model?", "/model?");
}

/** The query of an address, without its question mark. */
export function queryOf(address) {
  return address.slice(address.indexOf("?") + 1);
}

/** A parameter of a query as it is written; "" where it is missing. */
export function written(query, name) {
  return (
    query
      .split("&")
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? ""
  );
}

/** A parameter of a query for people; bytes that are not UTF-8 are shown as such. */
export function readable(query, name) {
  return decoded(written(query, name).replaceAll("+", " "));
}

/** Percent-encoded bytes as text; what is no UTF-8 becomes `\xff`. */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text
      .replace(/%([89a-f][0-9a-f])/gi, (_whole, digits) => `\\x${digits.toLowerCase()}`)
      .replace(/%([0-7][0-9a-f])/gi, (_whole, digits) => String.fromCharCode(parseInt(digits, 16)));
  }
}

/** `query` with a parameter of another value; without it where the value is empty. */
export function withParameter(query, name, value) {
  const others = query.split("&").filter((part) => part && !part.startsWith(`${name}=`));
  return [...others, ...(value ? [`${name}=${encodeURIComponent(value)}`] : [])].join("&");
}

/** `query` with these parameters alone. */
export function only(query, ...names) {
  return query
    .split("&")
    .filter((part) => names.includes(part.split("=")[0]))
    .join("&");
}

/** The exact name of an item, fit for an address. */
export function exactName(item) {
  if (!item.name_b64) return encodeURIComponent(item.name);
  return [...atob(item.name_b64)]
    .map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`)
    .join("");
}

/** The fragment by which a file of a list is looked at. */
export function fragment(item, index) {
  return `#at=${index}&name=${exactName(item)}`;
}

/** The index and the name (as written) in such a fragment; null for any other. */
export function fragmentParts(hash) {
  const found = /^#at=(\d+)&name=([^&]*)$/.exec(hash);
  return found && { index: Number(found[1]), name: found[2] };
}
