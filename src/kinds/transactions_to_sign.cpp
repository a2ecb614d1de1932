#include "kinds/transactions_to_sign.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "facts/field_types.hpp"

namespace readyctl {
namespace {

// A gate that is planned, with its kind: its parameters have been read before, so that they have their types.
class NamedParams {
 public:
  NamedParams(const PlannedGate& gate, const GateKind& kind) : params_(gate.params), fields_(kind.fields()) {}

  /// Whether the kind has a parameter of this name and type.
  template <class T>
  bool knows(const std::string& name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const FieldDoc& field) {
      return field.name == name && field.words == FieldType<T>::words();
    });
  }

  /// The parameter of this type, whatever its name; nothing when the kind has none.
  template <class T>
  std::optional<std::string> name_of() const {
    const auto found = std::find_if(fields_.begin(), fields_.end(),
                                    [](const FieldDoc& field) { return field.words == FieldType<T>::words(); });
    return found == fields_.end() ? std::nullopt : std::optional(found->name);
  }

  /// Its value; nothing when the kind has no such parameter, or the gate leaves it out.
  template <class T>
  std::optional<T> get(const std::string& name) const {
    if (!knows<T>(name) || !params_.contains(name)) return std::nullopt;
    const auto document = Document::parse("{}", name);
    auto value = FieldType<T>::read(params_.at(name), Place(*document));
    invariant(value.has_value(), "the parameters of a planned gate are those that its kind took");
    return std::move(*value);
  }

 private:
  const Json& params_;
  std::vector<FieldDoc> fields_;
};

std::optional<TransactionToSign> named_by(const PlannedGate& gate, const GateKind& kind) {
  const NamedParams params(gate, kind);
  const auto multisig = params.get<Pubkey>("multisig");
  const auto index_name = params.name_of<TransactionIndex>();
  if (!multisig || !index_name) return std::nullopt;
  const auto index = params.get<TransactionIndex>(*index_name);
  const auto message = params.get<RelativePath>("message");
  if (!index && !message) return std::nullopt;

  TransactionToSign named;
  named.multisig = *multisig;
  if (index) named.index = index->value;
  if (params.knows<std::uint8_t>("vaultIndex")) named.vault_index = params.get<std::uint8_t>("vaultIndex").value_or(0);
  if (message) named.exported = message->text;
  named.gates = {gate.id};
  return named;
}

// Two that say nothing, or the same. What only one of them says holds for both.
template <class T>
bool agree(const std::optional<T>& a, const std::optional<T>& b) {
  return !a || !b || *a == *b;
}

bool is_same(const TransactionToSign& a, const TransactionToSign& b) {
  const bool is_numbered = a.index.has_value();
  return a.multisig == b.multisig && a.index == b.index && agree(a.vault_index, b.vault_index) &&
         (is_numbered ? agree(a.exported, b.exported) : a.exported == b.exported);
}

void merge(TransactionToSign more, TransactionToSign& known) {
  if (!known.vault_index) known.vault_index = more.vault_index;
  if (!known.exported) known.exported = std::move(more.exported);
  known.gates.push_back(std::move(more.gates.front()));
}

}  // namespace

std::vector<TransactionToSign> transactions_to_sign(const Plan& plan, const std::vector<GateKind>& kinds) {
  std::vector<TransactionToSign> transactions;
  for (const PlannedGate& gate : plan.gates) {
    const GateKind* kind = gate.disposition == Disposition::decide ? find_kind(kinds, gate.definition.kind) : nullptr;
    auto named = kind == nullptr ? std::nullopt : named_by(gate, *kind);
    if (!named) continue;
    const auto known = std::find_if(transactions.begin(), transactions.end(),
                                    [&](const TransactionToSign& other) { return is_same(*named, other); });
    if (known != transactions.end()) {
      merge(std::move(*named), *known);
    } else {
      transactions.push_back(std::move(*named));
    }
  }
  return transactions;
}

}  // namespace readyctl
