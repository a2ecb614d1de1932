// The releases that tests decide: a healthy one, and every variant that differs from it in one fact.
//
// A variant is
//   name, differs        what it is called, and the one sentence that is no longer true
//   owner                the kinds of the gates that must fail; every other gate passes
//   about                the value of release.json (or endpoint) that the failing gate is about
//   inconclusive         true when, beside the owner, every gate that reads the chain cannot be decided
//   touches              the accounts, files and nodes that differ from the healthy world, and no others
//   says(known)          strings that the finding must contain
// and one of: facts (world.mjs), chain(chain), folder(folder), claims(chain, folder): what is said on the chain about the
// folder, nodes, overrides.

import { withoutTrailingZeros } from "./elf.mjs";
import { writeFolder } from "./folder.mjs";
import { sha256 } from "./keys.mjs";
import { Node } from "./rpc/node.mjs";
import { RpcServer } from "./rpc/server.mjs";
import { HEALTHY, buildWorld } from "./world.mjs";
import { custodyVariants } from "./variants/custody.mjs";
import { endpointVariants } from "./variants/endpoints.mjs";
import { folderVariants } from "./variants/folder.mjs";
import { fundsVariants } from "./variants/funds.mjs";
import { incidentVariants } from "./variants/incidents.mjs";
import { inspectionVariants } from "./variants/inspections.mjs";
import { multisigVariants } from "./variants/multisig.mjs";
import { programVariants } from "./variants/program.mjs";
import { realmVariants } from "./variants/realm.mjs";
import { squadsV3Queues, squadsV3Variants } from "./variants/squads_v3.mjs";
import { upgradeVariants } from "./variants/upgrade.mjs";

export const variants = Object.freeze([
  ...folderVariants, ...programVariants, ...multisigVariants, ...endpointVariants, ...fundsVariants,
]);

/// Releases whose upgrade lies before the members, each with what the gates about it must say; they are not among
/// `variants`, because the other gates pass on all of them.
export const upgrades = Object.freeze(upgradeVariants);

/// Releases by who holds their program: a multisig with vaults of further multisigs as members, a realm of SPL Governance,
/// a Squads v3 multisig. Each says what is declared, as `custody`.
export const custodies = Object.freeze([...custodyVariants, ...realmVariants, ...squadsV3Variants]);

/// Releases by what the members of a Squads v3 multisig have before them.
export const queues = Object.freeze(squadsV3Queues);

/// Releases that differ from a healthy one in what an incident was about, before a cutover or after it (`phase`).
export const incidents = Object.freeze(incidentVariants);

/// Releases whose people have something before them, for who inspects them.
export const inspections = Object.freeze(inspectionVariants);

const HEALTHY_VARIANT = { name: "healthy", differs: "Nothing: it is the release that all others differ from.", owner: [], touches: [] };

/// Whatever can be served, the healthy release first.
export const everyRelease = Object.freeze([HEALTHY_VARIANT, ...variants, ...upgrades, ...custodies, ...queues, ...incidents, ...inspections]);

export function variantNamed(name) {
  const variant = everyRelease.find((candidate) => candidate.name === name);
  if (!variant) throw new Error(`no variant is called "${name}"; --list names them all`);
  return variant;
}

const hex = (bytes) => sha256(bytes).toString("hex");

/// The variant's chain alone, its slots standing still.
export function worldOf(variant) {
  const chain = buildWorld({ ...HEALTHY, ...variant.facts });
  variant.chain?.(chain);
  return chain;
}

/// Makes the variant's change to a healthy folder, and gives the strings that its finding must contain.
export function changeFolder(variant, folder) {
  const known = { ...folder, ...variant.folder?.(folder), sha256Of: hex, hashOf: (bytes) => hex(withoutTrailingZeros(bytes)) };
  return variant.says?.(known) ?? [];
}

/// Builds the release, writes its folder, and serves it from two nodes. `close` ends them.
export async function release(name, { out, latencyMs = 0, overrides = [], onRequest } = {}) {
  const variant = variantNamed(name);
  const chain = worldOf(variant);
  const servers = {};
  const endpoints = [];
  for (const [endpoint, provider] of [["primary", "local-a"], ["fallback", "local-b"]]) {
    const node = new Node(chain, { name: endpoint, ...variant.nodes?.[endpoint] });
    const server = new RpcServer(node, { latencyMs, onRequest });
    const rules = [...(variant.overrides?.[endpoint] ?? []), ...overrides.filter((rule) => (rule.endpoint ?? endpoint) === endpoint)];
    rules.forEach((rule) => server.override(rule));
    endpoints.push({ name: endpoint, url: await server.listen(), provider });
    servers[endpoint] = server;
  }
  const folder = writeFolder(out, endpoints);
  const says = changeFolder(variant, folder);
  variant.claims?.(chain, folder);
  chain.start();
  return {
    out, endpoints, chain, ...servers,
    variant: { name, differs: variant.differs, owner: variant.owner, about: variant.about ?? null,
      inconclusive: variant.inconclusive ?? false, says },
    close: () => Promise.all(Object.values(servers).map((server) => server.close())),
  };
}

export const healthy = (options) => release("healthy", options);
