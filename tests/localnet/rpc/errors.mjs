// The errors of a Solana node: codes and texts as Agave gives them.

export class RpcError extends Error {
  constructor(code, message, data) {
    super(message);
    this.body = data === undefined ? { code, message } : { code, message, data };
  }
}

export const parseError = () => new RpcError(-32700, "Parse error");
export const invalidRequest = (message = "Invalid request") => new RpcError(-32600, message);
export const methodNotFound = () => new RpcError(-32601, "Method not found");
export const invalidParams = (message) => new RpcError(-32602, message);
export const internalError = () => new RpcError(-32603, "Internal error");

export const preflightFailure = (err, simulation) =>
  new RpcError(-32002, `Transaction simulation failed: ${describe(err)}`, simulation);
export const signatureVerificationFailure = () =>
  new RpcError(-32003, "Transaction signature verification failure");
export const blockNotAvailable = (slot) => new RpcError(-32004, `Block not available for slot ${slot}`);
export const nodeUnhealthy = (slots) => slots === null
  ? new RpcError(-32005, "Node is unhealthy", { numSlotsBehind: null })
  : new RpcError(-32005, `Node is behind by ${slots} slots`, { numSlotsBehind: slots });
export const unsupportedVersion = (version) => new RpcError(-32015,
  `Transaction version (${version}) is not supported by the requesting client. Please try the request again with ` +
  `the following configuration parameter: "maxSupportedTransactionVersion": ${version}`);
export const minContextSlotNotReached = (contextSlot) =>
  new RpcError(-32016, "Minimum context slot has not been reached", { contextSlot });

/// The sentence Agave's Display gives for the errors that clients see most.
export function describe(err) {
  if (err === "BlockhashNotFound") return "Blockhash not found";
  if (err === "AlreadyProcessed") return "This transaction has already been processed";
  if (err === "AccountNotFound") return "Attempt to debit an account but found no record of a prior credit.";
  if (err === "InsufficientFundsForFee") return "Insufficient funds for fee";
  if (err?.InstructionError) {
    const [index, inner] = err.InstructionError;
    const text = inner?.Custom === undefined ? inner : `custom program error: 0x${inner.Custom.toString(16)}`;
    return `Error processing Instruction ${index}: ${text}`;
  }
  return typeof err === "string" ? err : JSON.stringify(err);
}
