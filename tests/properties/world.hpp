// World: a release as facts: what is on the chain and on disk, and what is true of its gates.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "facts/accounts.hpp"

namespace readyctl::test {

/// An account, and its data as a server writes them.
struct HeldAccount {
  Account account;
  std::string base64;       ///< of the data
  std::string zstd_base64;  ///< of the data, compressed
};

struct World {
  std::string name;
  std::string owner;  ///< a kind of gate that must fail; empty: it is healthy
  Plan plan;
  std::string genesis_hash;
  std::string program;
  std::string programdata;
  std::map<std::string, HeldAccount> accounts;  ///< by address; at any other address there is none
  std::map<std::string, Json> histories;        ///< getSignaturesForAddress, by address
  std::map<std::string, Json> transactions;     ///< getTransaction, by signature
  Json found = Json::array();                   ///< getProgramAccounts, whatever is searched for
  Json simulated;                               ///< simulateTransaction, whatever is simulated
  FactStore local;                              ///< files and checkouts
  Time now;
  Slot slot;

  bool is_healthy() const { return owner.empty(); }
};

/// What can be wrong with a release.
struct Broken {
  std::string name;
  std::string owner;  ///< a kind that must fail
  std::function<void(World&)> change;
};

/// The account with its data written out.
HeldAccount held(Account account);

/// The healthy release of tests/evidence/go, such as differ from it in one thing that a gate must not pass over, and
/// one on a chain that stands still.
std::vector<World> worlds();

/// The facts of a world: what is on the chain from `chain`, everything else as it is.
class WorldSource final : public Source {
 public:
  WorldSource(const World& world, Source& chain) : world_(world), chain_(chain) {}

  void ask(std::vector<Request> requests) override;
  std::vector<Answered> next() override;

 private:
  const World& world_;
  Source& chain_;
  std::vector<Answered> answered_;
};

}  // namespace readyctl::test
