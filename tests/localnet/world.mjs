// One world: a program under a multisig's vault, its treasury, two mints and the accounts that hold them.
//
// What is true of it is a table of facts. The healthy world is the table below; every other world is that table
// with one entry changed, so a world cannot differ in two facts by accident.

import { AuthorityType, createFreezeAccountInstruction, createSetAuthorityInstruction } from "@solana/spl-token";
import { PublicKey, SystemProgram } from "@solana/web3.js";
import { Chain, SLOTS } from "./chain.mjs";
import { previousElf, releaseElf, withoutTrailingZeros } from "./elf.mjs";
import { TOKEN_2022 } from "./ids.mjs";
import { address, key, sha256 } from "./keys.mjs";
import { deploy, programdataOf, setAuthority, upgrade } from "./loader.mjs";
import { ALL_PERMISSIONS, multisigAddress, placeMultisig, vaultAddress } from "./squads.mjs";
import { associatedTokenAddress, createHolding, createMint } from "./tokens.mjs";

const LAMPORTS_PER_SOL = 1_000_000_000n;

const program = address("program");
const multisig = multisigAddress(address("multisig create key"));
const vault = vaultAddress(multisig, 0);
const treasury = PublicKey.findProgramAddressSync([Buffer.from("treasury")], program)[0];
const treasuryMint = address("treasury mint");
const rewardMint = address("reward mint");
const reserve = address("reserve");

/// Every address that a release or a finding can name, and every digest.
export const names = Object.freeze({
  program, programdata: programdataOf(program), deployer: address("deployer"),
  multisig, vault, vault1: vaultAddress(multisig, 1),
  alice: address("member alice"), bob: address("member bob"), carol: address("member carol"), stranger: address("stranger"),
  treasury, treasuryMint, treasuryMintAuthority: address("treasury mint authority"),
  treasuryTokenAccount: associatedTokenAddress(treasuryMint, treasury),
  treasuryReserve: associatedTokenAddress(treasuryMint, reserve),
  rewardMint, rewardTokenAccount: associatedTokenAddress(rewardMint, vault, TOKEN_2022),
  rewardReserve: associatedTokenAddress(rewardMint, reserve, TOKEN_2022),
  feePayer: address("fee payer"),
  buffer: address("buffer 3"),
});

export const digests = Object.freeze({
  sha256: sha256(releaseElf()).toString("hex"),
  executableHash: sha256(withoutTrailingZeros(releaseElf())).toString("hex"),
  previousExecutableHash: sha256(withoutTrailingZeros(previousElf())).toString("hex"),
});

const member = (name, mask = ALL_PERMISSIONS) => ({ key: names[name], mask });

export const HEALTHY = Object.freeze({
  // The chain's clock.
  clockLagSeconds: 0,
  // The features that its runtime lacks, of those that are active on mainnet.
  without: [],
  // The program: deployed from one binary, upgraded to another, handed to the vault.
  program: true,
  deployedElf: releaseElf,
  upgradeSlot: SLOTS.upgraded,
  maxDataLen: 131_072,
  upgradeAuthority: vault, // null: none, immutable
  // The multisig.
  members: [member("alice"), member("bob"), member("carol")],
  threshold: 2,
  timeLock: 172_800,
  configAuthority: null,
  transactions: 4, // all of them closed
  stale: 2,
  // Lamports.
  treasuryLamports: LAMPORTS_PER_SOL,
  feePayerLamports: 2n * LAMPORTS_PER_SOL,
  // The treasury's mint, an SPL Token one, and what the treasury holds of it.
  treasuryMintDecimals: 6,
  treasuryMintFreezeAuthority: null,
  treasuryMintAuthority: names.treasuryMintAuthority,
  treasurySupply: 1_000_000_000_000n,
  treasuryAmount: 250_000_000_000n,
  treasuryFrozen: false,
  // The reward mint, a Token-2022 one, and what the vault holds of it.
  rewardMintDecimals: 9,
  rewardMintAuthority: null,
  rewardMintFreezeAuthority: null,
  rewardMintExtensions: { metadataPointer: { metadataAddress: address("reward metadata") } },
  rewardSupply: 10_000_000_000_000_000n,
  rewardAmount: 1_000_000_000_000_000n,
});

export { member };

/// The chain on which exactly these facts are true. Its slots stand still until `start`.
export function buildWorld(facts = HEALTHY) {
  const chain = new Chain({ clockLagSeconds: facts.clockLagSeconds, without: facts.without });
  // Lamports have to come from somewhere: a chain's first accounts are in its genesis, not made by an instruction.
  chain.place(key("faucet").publicKey, { lamports: 1_000_000_000n * LAMPORTS_PER_SOL });
  chain.place(names.deployer, { lamports: 1_000n * LAMPORTS_PER_SOL });
  placeMultisig(chain, { ...facts, createKey: address("multisig create key") });
  buildProgram(chain, facts);
  buildLamports(chain, facts);
  buildTreasuryMint(chain, facts);
  buildRewardMint(chain, facts);
  return chain;
}

function buildProgram(chain, facts) {
  const deployer = key("deployer");
  if (facts.program) {
    deploy(chain, { program: key("program"), buffer: key("buffer 1"), elf: previousElf(), authority: deployer,
      maxDataLen: facts.maxDataLen });
  }
  chain.warp(facts.upgradeSlot);
  if (facts.program) {
    upgrade(chain, { program, buffer: key("buffer 2"), elf: facts.deployedElf(), authority: deployer });
    if (!facts.upgradeAuthority?.equals(names.deployer)) {
      chain.send([setAuthority(program, names.deployer, facts.upgradeAuthority)], [deployer]);
    }
  }
  chain.warp(SLOTS.upgraded + 1000); // an older upgrade must not make everything after it older
}

function buildLamports(chain, facts) {
  const fund = (to, lamports) =>
    SystemProgram.transfer({ fromPubkey: address("faucet"), toPubkey: to, lamports });
  chain.send([
    fund(treasury, facts.treasuryLamports),
    fund(names.feePayer, facts.feePayerLamports),
  ], [key("faucet")]);
}

function buildTreasuryMint(chain, facts) {
  const payer = key("deployer");
  const authority = key("treasury mint authority");
  // Freezing needs a freeze authority; one that only did that is given up again below.
  const freezer = facts.treasuryFrozen ? authority.publicKey : facts.treasuryMintFreezeAuthority;
  createMint(chain, payer, { mint: key("treasury mint"), decimals: facts.treasuryMintDecimals,
    authority: authority.publicKey, freezeAuthority: freezer });
  createHolding(chain, payer, { mint: treasuryMint, owner: treasury, authority, amount: facts.treasuryAmount });
  createHolding(chain, payer, { mint: treasuryMint, owner: reserve, authority, amount: facts.treasurySupply - facts.treasuryAmount });
  if (facts.treasuryFrozen) {
    chain.send([
      createFreezeAccountInstruction(names.treasuryTokenAccount, treasuryMint, authority.publicKey),
      createSetAuthorityInstruction(treasuryMint, authority.publicKey, AuthorityType.FreezeAccount, null),
    ], [payer, authority]);
  }
  if (!facts.treasuryMintAuthority.equals(authority.publicKey)) {
    chain.send([createSetAuthorityInstruction(treasuryMint, authority.publicKey, AuthorityType.MintTokens,
      facts.treasuryMintAuthority)], [payer, authority]);
  }
}

function buildRewardMint(chain, facts) {
  const payer = key("deployer");
  const authority = payer; // gives the mint up at the end
  createMint(chain, payer, { mint: key("reward mint"), decimals: facts.rewardMintDecimals, authority: authority.publicKey,
    freezeAuthority: facts.rewardMintFreezeAuthority, program: TOKEN_2022, extensions: facts.rewardMintExtensions });
  createHolding(chain, payer, { mint: rewardMint, owner: vault, authority, amount: facts.rewardAmount, program: TOKEN_2022 });
  createHolding(chain, payer, { mint: rewardMint, owner: reserve, authority, amount: facts.rewardSupply - facts.rewardAmount, program: TOKEN_2022 });
  chain.send([createSetAuthorityInstruction(rewardMint, authority.publicKey, AuthorityType.MintTokens,
    facts.rewardMintAuthority, [], TOKEN_2022)], [authority]);
}
