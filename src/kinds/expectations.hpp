// Expectations that several kinds share: who holds a power, and whether an amount is within bounds.
#pragma once

#include <optional>
#include <string>

#include "engine/finding.hpp"
#include "facts/programs.hpp"
#include "facts/tokens.hpp"
#include "solana/names.hpp"

namespace readyctl {

inline std::string words_for(Amount amount) { return std::to_string(amount.value); }
inline std::string words_for(Lamports lamports) {
  return to_string(lamports) + " lamports (" + sol_text(lamports) + ")";
}

/// Both ends inclusive; an end that is not there does not limit.
template <class T>
struct Bounds {
  std::optional<T> least;
  std::optional<T> most;

  bool hold(T value) const { return (!least || value >= *least) && (!most || value <= *most); }

  /// "at least 5", "at most 9", "at least 5 and at most 9"; empty without limits.
  std::string words() const {
    const std::string from = least ? "at least " + words_for(*least) : "";
    const std::string to = most ? "at most " + words_for(*most) : "";
    return from + (least && most ? " and " : "") + to;
  }
};

/// Refuses bounds between which there is nothing. The names are those of the fields.
template <class T>
Result<void> check_bounds(const Bounds<T>& bounds, std::string_view least_name, std::string_view most_name,
                          const Place& place) {
  if (!bounds.least || !bounds.most || *bounds.least <= *bounds.most) return {};
  return (place / most_name)
      .malformed("\"" + std::string(least_name) + "\" is greater than \"" + std::string(most_name) +
                 "\": " + std::to_string(bounds.least->value) + " > " + std::to_string(bounds.most->value));
}

template <class T>
void expect_between(Judgement& judgement, const std::string& what, T value, const Bounds<T>& bounds) {
  judgement.expect(bounds.hold(value), {what, bounds.words(), words_for(value)},
                   what + " is " + words_for(value) + ", expected " + bounds.words());
}

/// Notes the address where none is expected.
inline void expect_address(Judgement& judgement, const std::string& what, const Pubkey& found,
                           const std::optional<Pubkey>& expected) {
  if (!expected) return judgement.note(what, named(found));
  judgement.expect(found == *expected, {what, named(expected), named(found)},
                   what + " is " + named(found) + ", expected " + named(expected));
}

inline void expect_token_program(Judgement& judgement, const Pubkey& found,
                                 const std::optional<TokenProgram>& expected) {
  expect_address(judgement, "token program", found, expected ? std::optional(expected->address) : std::nullopt);
}

/// Whoever holds a power must be the one whom the pack names. Where it names "any", a pass says who holds it.
inline void expect_holder(Judgement& judgement, const std::string& what, const std::optional<Pubkey>& found,
                          const Holder& expected) {
  judgement.expect(expected.accepts(found), {what, expected.words(), named(found)},
                   what + " is " + named(found) + ", expected " + expected.words());
  if (expected.kind == Holder::Kind::anybody) judgement.caveat("any " + what + " was accepted, it is " + named(found));
}

/// A failure because there is no program that could be judged. An address at which there is nothing, or something else,
/// is most likely another than was meant.
inline Finding not_deployed(const Pubkey& program, const DeploymentTrouble& trouble) {
  Finding finding = fail(trouble.what);
  const bool is_elsewhere = trouble.sort == NotDeployed::missing || trouble.sort == NotDeployed::no_program;
  if (is_elsewhere) {
    finding.misnamed = Misnamed{to_string(program), "",
                                "if the address is right, the program was not deployed on this cluster yet", false};
  }
  return finding;
}

/// A finding whose failure says first what it speaks of: "mint 9xQ…: freeze authority is …".
inline Finding about(const std::string& subject, Finding finding) {
  if (finding.outcome == Outcome::fail) finding.summary = subject + ": " + finding.summary;
  return finding;
}

}  // namespace readyctl
