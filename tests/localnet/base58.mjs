// Base58 as Solana writes it. For keys, signatures and at most 128 bytes of account data, so it need not be fast.

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const VALUE = new Map([...ALPHABET].map((letter, index) => [letter, BigInt(index)]));

export function encodeBase58(bytes) {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1;
  let number = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return "1".repeat(zeros) + text;
}

/// null when a character is not of the alphabet.
export function decodeBase58(text) {
  let zeros = 0;
  while (zeros < text.length && text[zeros] === "1") zeros += 1;
  let number = 0n;
  for (const letter of text) {
    const value = VALUE.get(letter);
    if (value === undefined) return null;
    number = number * 58n + value;
  }
  const hex = number === 0n ? "" : number.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex")]);
}
