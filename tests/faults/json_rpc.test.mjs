// Faults of JSON-RPC: an endpoint whose HTTP is sound and whose answers are not.

import { parse, stringify } from "../localnet/rpc/json.mjs";
import { response } from "./endpoint.mjs";
import { topic } from "./fault.mjs";
import { Release } from "./release.mjs";

const release = new Release();

/// The only endpoint answers every question for a fact with this text, made of the healthy one.
const answers = (when, cause, says, text, how) => release.overEndpoint(when, cause, says, (request) => text(request.healthy(), request), how);
/// The same, where the reply as a whole is changed.
const replies = (when, cause, says, change, how) => answers(when, cause, says, (text) => {
  const reply = parse(text);
  return stringify(change(reply) ?? reply);
}, how);
/// The same, where the account is.
const accounts = (when, says, change, how) => replies(when, "malformed", says, ({ result }) => {
  for (const account of Array.isArray(result?.value) ? result.value : []) change(account);
}, how);
/// The same, in the text of the account: what no value of JavaScript's can be.
const lamports = (when, says, number) => answers(when, "malformed", says, (text) => text.replace(/"lamports":\d+/, `"lamports":${number}`));

/// Every question for accounts is answered with these bytes, made of the healthy reply without its last brace.
const huge = (when, says, bytes) => release.overEndpoint(when, "malformed", says, ({ healthy, id }) =>
  response(bytes(Buffer.from(healthy().slice(0, -1)), Buffer.from("}"), id)), { on: ({ method }) => method.includes("Account"), alone: true });

const code = (number, message, cause, when, how) => replies(`${when}, code ${number}`, cause, [`error ${number}: ${message}`],
  ({ id }) => ({ jsonrpc: "2.0", error: { code: number, message }, id }), how);

const noReply = "its answer is not a JSON-RPC reply to the request";

/// Decides one gate of another sort over an endpoint that changes replies: { when, exit, says, run }.
const decides = (when, exit, says, params, change) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint({ spoil: ({ healthy, method }) => {
    const reply = parse(healthy());
    if (method === "getMultipleAccounts") change(reply.result);
    return stringify(reply);
  } });
  return release.decide(release.pack({ kind: "balance", params: { address: "${feePayer}", ...params } }), { main: endpoint.url });
} });

topic("JSON-RPC", import.meta.url, [
  { number: 20, is: "invalid JSON, trailing garbage, two documents", cases: [
    answers("invalid JSON", "malformed", [noReply], (text) => text.replace('"result":', '"result"')),
    answers("cut in half", "malformed", [noReply], (text) => text.slice(0, text.length / 2)),
    answers("trailing garbage", "malformed", [noReply], (text) => `${text} x`),
    answers("two documents", "malformed", [noReply], (text) => text + text),
    answers("NaN", "malformed", [noReply], (text) => text.replace(/"lamports":\d+/, '"lamports":NaN')),
  ] },
  { number: 21, is: "duplicate keys", cases: [
    answers("two results", "malformed", [noReply, "twice"], (text) => text.replace('{"jsonrpc"', '{"result":null,"jsonrpc"')),
    answers("two lamports in an account", "malformed", [noReply, "twice"], (text) => text.replace('"lamports":', '"lamports":1,"lamports":')),
  ] },
  { number: 22, is: "id of another request, missing, or of another type", cases: [
    replies("another id", "malformed", ["its id is not the request's"], (reply) => { reply.id += 1; }),
    replies("no id", "malformed", ["its id is not the request's"], (reply) => { delete reply.id; }),
    replies("id as a string", "malformed", ["its id is not the request's"], (reply) => { reply.id = String(reply.id); }),
    replies("id null beside a result", "malformed", ["its id is not the request's"], (reply) => { reply.id = null; }),
    replies("version 1.0", "malformed", ['its jsonrpc is not "2.0"'], (reply) => { reply.jsonrpc = "1.0"; }),
  ] },
  { number: 23, is: "both result and error, or neither", cases: [
    replies("both", "malformed", ["both a result and an error"], (reply) => { reply.error = { code: 1, message: "x" }; }),
    replies("neither", "malformed", ["neither a result nor an error"], (reply) => { delete reply.result; }),
  ] },
  { number: 24, is: "error objects", note: "That a slot was skipped is the same everywhere, so nobody else is asked.", cases: [
    code(-32601, "Method not found", "rpc-error", "method missing"),
    code(-32602, "Invalid params", "rpc-error", "parameters refused"),
    code(-32005, "Node is behind by 42 slots", "behind", "node behind"),
    code(-32004, "Block not available for slot 1", "rpc-error", "block not available"),
    code(-32007, "Slot 1 was skipped", "pruned", "slot skipped", { alone: true }),
    code(-32009, "Slot 1 was skipped, or missing in long-term storage", "pruned", "slot pruned", { alone: true }),
    code(-32016, "Minimum context slot has not been reached", "behind", "minContextSlot not reached"),
    code(-39999, "a code of the provider's own", "rpc-error", "unknown"),
    replies("an error that is no object", "malformed", ["its error is a string, not an object"], ({ id }) => ({ jsonrpc: "2.0", error: "no", id })),
    replies("an error without a code", "malformed", ["its error has no whole number as code"], ({ id }) => ({ jsonrpc: "2.0", error: { message: "no" }, id })),
  ] },
  { number: 25, is: "null where an object is expected", cases: [
    replies("result null", "malformed", ["its result is null, not an object"], (reply) => { reply.result = null; }),
    replies("value null without a context", "malformed", ["its context has no slot"], (reply) => { reply.result = { value: [null] }; }),
    replies("no value", "malformed", ["its result has no value"], (reply) => { delete reply.result.value; }),
    decides("an account that is null at a slot is absent", 1, ["does not exist"], { minLamports: "1" }, (result) => { result.value = result.value.map(() => null); }),
  ] },
  { number: 26, is: "numbers that do not fit", cases: [
    lamports("beyond 64 bits", ["64 bits"], "18446744073709551616"),
    lamports("1e400", [noReply], "1e400"),
    lamports("-0", ["its lamports is", "not an unsigned 64-bit integer"], "-0"),
    lamports("a fraction", ["its lamports is", "not an unsigned 64-bit integer"], "1.5"),
    lamports("negative", ["its lamports is", "not an unsigned 64-bit integer"], "-1"),
    lamports("1.0", ["its lamports is", "not an unsigned 64-bit integer"], "1.0"),
    decides("beyond 2^53 it is exact: enough", 0, ["9007199254740993"], { minLamports: "9007199254740993" }, ({ value: [account] }) => { if (account) account.lamports = 9007199254740993n; }),
    decides("beyond 2^53 it is exact: one too few", 1, ["9007199254740993"], { minLamports: "9007199254740994" }, ({ value: [account] }) => { if (account) account.lamports = 9007199254740993n; }),
  ] },
  { number: 27, is: "deep nesting, many keys, long strings", note: "10 MB where the catalogue says 50, for the sake of busy machines; what is beyond 64 MiB is fault 14.", cases: [
    huge("100,000 levels", [noReply, "it nests deeper than 64"], () => Buffer.alloc(100_000, "[")),
    huge("a million values", [noReply, "it holds more than"], (head, tail) => Buffer.concat([head, Buffer.from(',"more":['), Buffer.alloc(2_000_000, "0,"), Buffer.from("0]"), tail])),
    huge("a million keys", [noReply, "it holds more than"], (head, tail) => Buffer.from(`${head},"more":{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":0`)}}${tail}`)),
    huge("a string of 10 MB where there is a short one", [noReply], (_, tail, id) => Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"context":{"slot":1},"value":"`), Buffer.alloc(10_000_000, "x"), Buffer.from('"}'), tail])),
    huge("an owner of 10 MB", ["its owner is no address"], (_, tail, id) => Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"context":{"slot":1},"value":[{"data":["","base64"],"executable":false,"lamports":1,"owner":"`), Buffer.alloc(10_000_000, "1"), Buffer.from('","space":0}]}'), tail])),
  ] },
  { number: 28, is: "text that is none", cases: [
    release.overEndpoint("invalid UTF-8", "malformed", [noReply], ({ healthy }) => response(Buffer.concat([Buffer.from(healthy().slice(0, -1)), Buffer.from(',"x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]))),
    answers("a lone surrogate", "malformed", [noReply], (text) => text.replace(/\}$/, ',"x":"\\ud800"}')),
    answers("an embedded NUL", "malformed", ["its owner is no address"], (text) => text.replace(/"owner":"/, '"owner":"\\u0000')),
    answers("a NUL byte after the reply", "malformed", [noReply], (text) => `${text}\0`),
    replies("control characters in an error are escaped", "rpc-error", ["\\x1b[2J"], ({ id }) => ({ jsonrpc: "2.0", error: { code: -32603, message: "\u001b[2J\u202eGO" }, id })),
  ] },
  { number: 29, is: "a batch answered short, with extra members, merged", note: "No batch is ever sent; a list of accounts in one request is what can come back short or long.", cases: [
    replies("a batch instead of a reply", "malformed", ["it is an array, not an object"], (reply) => [reply]),
    replies("fewer accounts than asked for", "malformed", ["it has 0 accounts where 1 were asked for"], (reply) => { if (Array.isArray(reply.result.value)) reply.result.value = []; }),
    replies("more accounts than asked for", "malformed", ["it has 2 accounts where 1 were asked for"], (reply) => { if (Array.isArray(reply.result.value)) reply.result.value.push(null); }),
  ] },
  { number: 30, is: "unknown extra fields", note: "They decide nothing. Of an account its fields are kept, of every other answer all that it said.", cases: [
    decides("in an account and beside it", 0, ["lamports"], { minLamports: "1" }, (result) => { result.more = { a: [1] }; result.value.forEach((account) => { account.nonsense = "x"; }); }),
  ] },
  { number: 31, is: "a field of another type than nodes send", cases: [
    accounts("lamports as a string", ["its lamports is a string, not an unsigned 64-bit integer"], (account) => { account.lamports = String(account.lamports); }),
    accounts("executable as a number", ["its executable is a number, not true or false"], (account) => { account.executable = 0; }),
    accounts("owner as a list", ["its owner is an array, not an address"], (account) => { account.owner = []; }),
    accounts("space as a string", ["its space is a string, not a number of bytes"], (account) => { account.space = "0"; }),
    accounts("data as a string", ["its data is not a pair of text and encoding"], (account) => { account.data = ""; }),
    replies("the slot as a string", "malformed", ["its context has no slot"], (reply) => { reply.result.context.slot = "1"; }),
    replies("the accounts as an object", "malformed", ["its value is an object, not an array"], (reply) => { if (Array.isArray(reply.result.value)) reply.result.value = {}; }),
  ] },
  { number: 32, is: "account data that is not what it says", cases: [
    accounts("bad padding", ["its data cannot be decoded"], (account) => { account.data = ["AAA", "base64"]; }),
    accounts("another encoding than asked for", ["encoding that was not asked for"], (account) => { account.data = ["1", "base58"]; }),
    accounts("base64 that is none", ["its data cannot be decoded"], (account) => { account.data = ["\u00e9\u00e9\u00e9\u00e9", "base64"]; }),
    accounts("longer than what was asked for", ["its data is 3 bytes long; by its space it must be 0"], (account) => { Object.assign(account, { data: ["AAAA", "base64"], space: 4 }); }),
  ] },
], { setUp: () => release.start(), tearDown: () => release.stop() });

