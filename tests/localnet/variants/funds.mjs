// Releases in which money is not where, or not as, the manifest promises.
//
// A treasury and a vault have no private key: on a cluster their program signs for them. Instructions that only they
// may give run here with that signature `granted` (see Chain.send); the token program that executes them is real.

import { AuthorityType, createApproveInstruction, createSetAuthorityInstruction } from "@solana/spl-token";
import { SystemProgram } from "@solana/web3.js";
import { TOKEN, TOKEN_2022 } from "../ids.mjs";
import { address, key } from "../keys.mjs";
import { HEALTHY, names } from "../world.mjs";

const text = (name) => names[name].toBase58();
export const asTreasury = (chain, instruction) => chain.send([instruction], [key("deployer")], { granted: [names.treasury] });
const asVault = (chain, instruction) => chain.send([instruction], [key("deployer")], { granted: [names.vault] });

const variant = (owner, about) => (name, differs, rest) =>
  ({ name, differs, owner: [owner], about, touches: [about], ...rest });
const treasury = variant("treasury-pda", "treasury");
const lamports = (about) => variant("balance", about);
const treasuryAccount = variant("token-account", "treasuryTokenAccount");
const rewardAccount = variant("token-account", "rewardTokenAccount");
const treasuryMint = variant("token-mint", "treasuryMint");
const rewardMint = variant("token-mint", "rewardMint");

export const fundsVariants = [
  // --- lamports -------------------------------------------------------------------------------------------
  treasury("treasury-foreign-owner", "The treasury belongs to another program.", {
    chain: (chain) => asTreasury(chain, SystemProgram.assign({ accountPubkey: names.treasury, programId: names.stranger })),
    says: () => [text("stranger")],
  }),
  treasury("treasury-missing", "The treasury was never funded, so it does not exist.", {
    owner: ["treasury-pda", "balance"],
    facts: { treasuryLamports: 0n },
    says: () => [text("treasury")],
  }),
  lamports("treasury")("treasury-not-rent-exempt", "The treasury holds less than its rent exemption.", {
    // Written: the runtime refuses a transaction that leaves an account so.
    chain: (chain) => chain.patch(names.treasury, (account) => { account.lamports = 500_000n; }),
    says: () => ["500000"],
  }),
  lamports("feePayer")("fee-payer-low", "The fee payer holds less than the release asks for.", {
    facts: { feePayerLamports: 999_999_999n },
    says: () => ["999999999", "1000000000"],
  }),
  lamports("feePayer")("fee-payer-missing", "The fee payer was never funded.", {
    facts: { feePayerLamports: 0n },
    says: () => [text("feePayer")],
  }),

  // --- the treasury's token account ------------------------------------------------------------------------
  treasuryAccount("treasury-token-delegate", "A delegate may move the treasury's tokens.", {
    chain: (chain) => asTreasury(chain, createApproveInstruction(names.treasuryTokenAccount, names.stranger, names.treasury, 1_000_000n)),
    says: () => [text("stranger")],
  }),
  treasuryAccount("treasury-token-close-authority", "Somebody else may close the treasury's token account.", {
    chain: (chain) => asTreasury(chain, createSetAuthorityInstruction(names.treasuryTokenAccount, names.treasury,
      AuthorityType.CloseAccount, names.stranger)),
    says: () => [text("stranger")],
  }),
  treasuryAccount("treasury-token-frozen", "The treasury's token account is frozen.", {
    // The freeze authority that did it was given up again. Its key stays in the mint as filler after the cleared tag.
    touches: ["treasuryTokenAccount", "treasuryMint"],
    facts: { treasuryFrozen: true },
    says: () => ["frozen"],
  }),
  treasuryAccount("treasury-token-owner", "The treasury's token account was handed to somebody else.", {
    chain: (chain) => asTreasury(chain, createSetAuthorityInstruction(names.treasuryTokenAccount, names.treasury,
      AuthorityType.AccountOwner, names.stranger)),
    says: () => [text("stranger"), text("treasury")],
  }),
  treasuryAccount("treasury-token-mint", "The treasury's token account is of another mint.", {
    // Written: an associated token account is always of the mint it derives from.
    chain: (chain) => chain.patch(names.treasuryTokenAccount, (account) => { account.data.set(address("other mint").toBytes(), 0); }),
    says: () => [address("other mint").toBase58(), text("treasuryMint")],
  }),
  treasuryAccount("treasury-token-program", "The treasury's token account belongs to another token program.", {
    // Written: no instruction moves an account from one token program to the other.
    chain: (chain) => chain.patch(names.treasuryTokenAccount, (account) => { account.owner = TOKEN_2022; }),
    says: () => [TOKEN_2022.toBase58()],
  }),
  treasuryAccount("treasury-token-low", "The treasury holds fewer tokens than the release asks for; the reserve holds the rest.", {
    touches: ["treasuryTokenAccount", "treasuryReserve"],
    facts: { treasuryAmount: 99_999_999_999n },
    says: () => ["99999999999", "100000000000"],
  }),
  treasuryAccount("treasury-token-missing", "The treasury has no token account.", {
    // Written: the token program closes an account only when it is empty, and then the supply would differ too.
    chain: (chain) => chain.remove(names.treasuryTokenAccount),
    says: () => [text("treasuryTokenAccount")],
  }),
  rewardAccount("reward-token-delegate", "A delegate may move the vault's reward tokens.", {
    chain: (chain) => asVault(chain, createApproveInstruction(names.rewardTokenAccount, names.stranger, names.vault, 1n, [], TOKEN_2022)),
    says: () => [text("stranger")],
  }),
  rewardAccount("reward-token-low", "The vault holds fewer reward tokens than the release asks for; the reserve holds the rest.", {
    touches: ["rewardTokenAccount", "rewardReserve"],
    facts: { rewardAmount: 499_999_999_999_999n },
    says: () => ["499999999999999", "500000000000000"],
  }),

  // --- the mints -------------------------------------------------------------------------------------------
  treasuryMint("treasury-mint-freeze-authority", "Somebody can freeze accounts of the treasury's mint.", {
    facts: { treasuryMintFreezeAuthority: names.stranger },
    says: () => [text("stranger")],
  }),
  treasuryMint("treasury-mint-authority", "Somebody else can mint the treasury's token.", {
    facts: { treasuryMintAuthority: names.stranger },
    says: () => [text("stranger"), text("treasuryMintAuthority")],
  }),
  treasuryMint("treasury-mint-decimals", "The treasury's mint has nine decimals, not six.", {
    facts: { treasuryMintDecimals: 9 },
    says: () => ["9", "6"],
  }),
  treasuryMint("treasury-mint-supply", "More of the treasury's token was minted, to the reserve, than the release allows.", {
    touches: ["treasuryMint", "treasuryReserve"],
    facts: { treasurySupply: HEALTHY.treasurySupply + 1n },
    says: () => ["1000000000001", "1000000000000"],
  }),
  rewardMint("reward-mint-authority", "The reward mint's authority was not given up.", {
    facts: { rewardMintAuthority: names.stranger },
    says: () => [text("stranger")],
  }),
  rewardMint("reward-mint-freeze-authority", "Somebody can freeze accounts of the reward mint.", {
    facts: { rewardMintFreezeAuthority: names.stranger },
    says: () => [text("stranger")],
  }),
  rewardMint("reward-mint-permanent-delegate", "A permanent delegate may move or burn anybody's reward tokens.", {
    facts: { rewardMintExtensions: { ...HEALTHY.rewardMintExtensions, permanentDelegate: names.stranger } },
    says: () => ["PermanentDelegate"],
  }),
  rewardMint("reward-mint-close-authority", "Somebody may close the reward mint.", {
    facts: { rewardMintExtensions: { ...HEALTHY.rewardMintExtensions, mintCloseAuthority: names.stranger } },
    says: () => ["MintCloseAuthority"],
  }),
  rewardMint("reward-mint-transfer-hook", "Every transfer of the reward token calls another program.", {
    // An account of such a mint carries an extension too: the program adds TransferHookAccount by itself.
    owner: ["token-mint", "token-account"], touches: ["rewardMint", "rewardTokenAccount", "rewardReserve"],
    facts: { rewardMintExtensions: { ...HEALTHY.rewardMintExtensions,
      transferHook: { authority: names.stranger, hook: names.stranger } } },
    says: () => ["TransferHook"],
  }),
];
