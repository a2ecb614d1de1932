// Releases that are asked of nodes that cannot be relied on. `nodes` are options of the two nodes (rpc/node.mjs),
// `overrides` rules of their servers (rpc/server.mjs).

const OTHER_GENESIS = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"; // devnet's

const endpoints = (name, differs, touches, rest) => ({ name, differs, owner: ["rpc-health"], about: touches[0], touches, ...rest });

export const endpointVariants = [
  endpoints("fallback-other-cluster", "The fallback is a node of another cluster.", ["fallback"], {
    nodes: { fallback: { genesisHash: OTHER_GENESIS } },
    says: () => ["fallback", OTHER_GENESIS],
  }),
  endpoints("both-other-cluster", "Both endpoints are nodes of another cluster.", ["primary", "fallback"], {
    nodes: { primary: { genesisHash: OTHER_GENESIS }, fallback: { genesisHash: OTHER_GENESIS } },
    inconclusive: true, // no other gate that needs the chain can be decided
    says: () => ["primary", "fallback", OTHER_GENESIS],
  }),
  endpoints("fallback-lags", "The fallback is a hundred slots behind.", ["fallback"], {
    nodes: { fallback: { behind: 100 } },
    says: () => ["fallback"],
  }),
  endpoints("fallback-fork", "The fallback is on a fork: it does not know the primary's blockhashes.", ["fallback"], {
    nodes: { fallback: { fork: "abandoned" } },
    says: () => ["blockhash"],
  }),
  endpoints("fallback-unhealthy", "The fallback says of itself that it is behind.", ["fallback"], {
    nodes: { fallback: { unhealthy: 420 } },
    says: () => ["fallback", "420"],
  }),
  endpoints("fallback-unavailable", "The fallback answers 503 to everything.", ["fallback"], {
    overrides: { fallback: [{ method: "*", status: 503, headers: { "content-type": "text/html" }, body: "<html>upstream unavailable</html>" }] },
    says: () => ["fallback", "503"],
  }),
  endpoints("chain-stale", "The chain's newest block is an hour old.", ["clock"], {
    facts: { clockLagSeconds: 3600 },
    says: () => ["block"],
  }),
];
