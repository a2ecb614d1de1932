// Every method that a node answers, by name: (node, params) -> result, or an RpcError thrown.

import { accountMethods } from "./accounts.mjs";
import { historyMethods } from "./history.mjs";
import { nodeMethods } from "./node.mjs";
import { transactionMethods } from "./transactions.mjs";

export const methods = new Map(Object.entries({
  ...nodeMethods, ...accountMethods, ...historyMethods, ...transactionMethods,
}));
