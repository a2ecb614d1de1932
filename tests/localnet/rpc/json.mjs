// JSON in which an integer of 64 bits is an integer: read exactly, written exactly.

/// Integers beyond 2^53 become BigInt, so that a client's large number is not rounded on the way in.
export const parse = (text) =>
  JSON.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value);

export const stringify = (value) =>
  JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? JSON.rawJSON(item.toString()) : item));
