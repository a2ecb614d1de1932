// A release as a person has it on disk: the manifest, the artifact, and a checkout of the source. Everything but the
// ports in endpoints.json is the same in every run, commit ids included.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GENESIS_HASH, SLOTS } from "./chain.mjs";
import { previousElf, releaseElf } from "./elf.mjs";
import { digests, names } from "./world.mjs";

export const REPOSITORY = "https://git.example.org/treasury/vault-program.git";
export const TAG = "v1.2.0";

const SOURCES = {
  "Cargo.toml": '[package]\nname = "vault-program"\nversion = "1.2.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
  "src/lib.rs": "//! Holds the treasury.\n\npub mod treasury;\n",
  "src/treasury.rs": '//! Where the treasury is.\n\npub const SEED: &[u8] = b"treasury";\n',
  "README.md": "# vault-program\n\nHolds the treasury under an address that only this program signs for.\n",
};

/// git in `checkout`, with nobody's configuration and a fixed author and time, so that a commit id depends on the
/// content alone.
export function git(checkout, ...args) {
  const minute = "2026-03-02T09:30:00Z";
  return execFileSync("git", ["-C", checkout, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: checkout, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "Release Engineer", GIT_AUTHOR_EMAIL: "release@example.org", GIT_AUTHOR_DATE: minute,
      GIT_COMMITTER_NAME: "Release Engineer", GIT_COMMITTER_EMAIL: "release@example.org", GIT_COMMITTER_DATE: minute },
  }).trim();
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function writeCheckout(checkout) {
  mkdirSync(checkout, { recursive: true });
  git(checkout, "init", "--quiet", "--initial-branch=main");
  git(checkout, "remote", "add", "origin", REPOSITORY);
  write(join(checkout, "README.md"), SOURCES["README.md"]);
  git(checkout, "add", "--all");
  git(checkout, "commit", "--quiet", "--message", "Say what this is");
  git(checkout, "tag", "v1.1.0");
  for (const [path, content] of Object.entries(SOURCES)) write(join(checkout, path), content);
  git(checkout, "add", "--all");
  git(checkout, "commit", "--quiet", "--message", "Release 1.2.0");
  git(checkout, "tag", "--annotate", "--message", "Release 1.2.0", TAG);
  const [commit, parent] = git(checkout, "rev-parse", "HEAD", "HEAD~1").split("\n");
  return { commit, parent };
}

const text = (key) => names[key].toBase58();

/// The manifest. What a pack needs to know beyond the frozen fields is in `values`; raw units are strings.
function manifest(commit) {
  return {
    apiVersion: "readyctl.release/v1",
    name: "vault-program 1.2.0",
    cluster: { name: "localnet", genesisHash: GENESIS_HASH },
    program: text("program"),
    artifact: { path: "artifact/program.so", sha256: digests.sha256, executableHash: digests.executableHash },
    previous: { executableHash: digests.previousExecutableHash, path: "artifact/previous.so" },
    source: { repository: REPOSITORY, commit, tag: TAG },
    builtAt: "2026-03-02T10:15:00Z",
    operator: "release@example.org",
    values: {
      checkout: "checkout",
      multisig: text("multisig"),
      vault: text("vault"),
      members: [text("alice"), text("bob"), text("carol")].sort(),
      minMembers: 3,
      minThreshold: 2,
      minTimelockHours: 48,
      deployedSlot: String(SLOTS.upgraded),
      nextCapacity: 120_000,
      treasury: text("treasury"),
      treasurySeeds: [{ utf8: "treasury" }],
      treasuryMint: text("treasuryMint"),
      treasuryMintDecimals: 6,
      treasuryMintMaxSupply: "1000000000000",
      mintAuthority: text("treasuryMintAuthority"),
      treasuryTokenAccount: text("treasuryTokenAccount"),
      treasuryMinAmount: "100000000000",
      rewardMint: text("rewardMint"),
      rewardMintDecimals: 9,
      rewardMintMaxSupply: "10000000000000000",
      rewardTokenAccount: text("rewardTokenAccount"),
      rewardMinAmount: "500000000000000",
      feePayer: text("feePayer"),
      feePayerMinLamports: "1000000000",
      minHealthy: 2,
      maxSlotLag: 50,
      maxBlockAgeSeconds: 120,
    },
  };
}

const pretty = (value) => `${JSON.stringify(value, null, 2)}\n`;

/// Writes the healthy release into `out`, and gives { out, checkout, commit, parent } for a variant to change.
export function writeFolder(out, endpoints) {
  mkdirSync(out, { recursive: true });
  write(join(out, "artifact/program.so"), releaseElf());
  write(join(out, "artifact/previous.so"), previousElf());
  const checkout = join(out, "checkout");
  const commits = writeCheckout(checkout);
  write(join(out, "release.json"), pretty(manifest(commits.commit)));
  write(join(out, "endpoints.json"), pretty({ endpoints }));
  return { out, checkout, ...commits };
}
