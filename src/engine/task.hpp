// Task<T>: a coroutine that awaits facts. One thread; the engine resumes it and may destroy it while it is suspended.
//
// Write one `co_await` a line, as `const T name = co_await fact(names);` or as a bare statement: GCC 12 miscompiles
// several other forms (a temporary aggregate as an argument, a wait inside a condition or a conditional expression).
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/invariant.hpp"
#include "facts/fact.hpp"

namespace readyctl {

/// Which part of a long list a wait is for. Told to whoever follows the run, and to nobody else.
struct ListPart {
  std::string_view of;       ///< what the list is of, in the plural: "transactions"
  std::uint64_t before = 0;  ///< how many of them were waited for earlier
  std::uint64_t all = 0;     ///< how many there are
};

/// What a suspended task waits for. Lives in the task's frame; the engine fills in the answers and settles it.
class Wait {
 public:
  virtual ~Wait() = default;

  virtual std::vector<Request> requests() const = 0;

  /// Set when each of the requests is for one item of a list.
  virtual std::optional<ListPart> part() const { return std::nullopt; }

  /// Reads the answers, in the order of `requests`. A refusal means that the task must not go on.
  virtual std::optional<Refusal> settle(const std::vector<const Answer*>& answers) = 0;

  std::coroutine_handle<> resume_here;
};

/// The one for whom a task and all tasks that it awaits run: where their waits are announced.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void wait_for(Wait& wait) = 0;
};

template <class T>
class Task;

namespace detail {

struct PromiseBase {
  Waiter* waiter = nullptr;
  std::coroutine_handle<> continuation;

  static std::suspend_always initial_suspend() noexcept { return {}; }

  struct ResumeContinuation {
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    static std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) noexcept {
      const std::coroutine_handle<> next = done.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    static void await_resume() noexcept {}
  };
  static ResumeContinuation final_suspend() noexcept { return {}; }

  [[noreturn]] static void unhandled_exception() noexcept {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      std::terminate();  // which says so
    } catch (...) {
      invariant(false, "no exception but a lack of memory leaves a gate");
    }
    std::terminate();
  }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> result;
  Task<T> get_return_object();
  void return_value(T value) { result.emplace(std::move(value)); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// Runs the task until its first wait. `waiter` must outlive it.
  void start(Waiter& waiter) {
    handle_.promise().waiter = &waiter;
    handle_.resume();
  }
  T take() { return std::move(handle_.promise().result).value(); }

  // A task awaited by another runs for the same waiter and hands its result over.
  bool await_ready() const noexcept { return false; }
  template <class Outer>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Outer> outer) noexcept {
    handle_.promise().waiter = outer.promise().waiter;
    handle_.promise().continuation = outer;
    return handle_;
  }
  T await_resume() { return take(); }

 private:
  Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

namespace detail {

template <class T>
std::optional<Refusal> read_into(const Fact<T>& fact, const Answer& answer, std::optional<T>& value) {
  Reading<T> reading = fact.read(answer.deciding());
  if (!reading) return std::move(reading.error());
  value.emplace(std::move(*reading));
  return std::nullopt;
}

// Of several refusals the definite one counts: what is known to be absent does not become unknown.
inline void keep_worse(std::optional<Refusal>& kept, std::optional<Refusal> next) {
  if (!next) return;
  const bool next_is_definite = std::holds_alternative<Absent>(*next);
  if (!kept || (next_is_definite && !std::holds_alternative<Absent>(*kept))) kept = std::move(next);
}

/// Common to all waits: announcing itself to the waiter of the task that awaits.
class FactWait : public Wait {
 public:
  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> task) {
    resume_here = task;
    task.promise().waiter->wait_for(*this);
  }
};

}  // namespace detail

/// Waits for one fact.
template <class T>
class OneFact final : public detail::FactWait {
 public:
  explicit OneFact(Fact<T> fact) : fact_(std::move(fact)) {}

  std::vector<Request> requests() const override { return {fact_.request}; }
  std::optional<Refusal> settle(const std::vector<const Answer*>& answers) override {
    return detail::read_into(fact_, *answers.front(), value_);
  }
  T await_resume() { return std::move(*value_); }

 private:
  Fact<T> fact_;
  std::optional<T> value_;
};

/// Waits for any number of facts of one type at once; none at all is answered at once.
template <class T>
class EachFact final : public detail::FactWait {
 public:
  explicit EachFact(std::vector<Fact<T>> facts, std::optional<ListPart> part = std::nullopt)
      : facts_(std::move(facts)), values_(facts_.size()), part_(part) {}

  bool await_ready() const noexcept { return facts_.empty(); }
  std::vector<Request> requests() const override {
    std::vector<Request> requests;
    for (const Fact<T>& fact : facts_) requests.push_back(fact.request);
    return requests;
  }
  std::optional<ListPart> part() const override { return part_; }
  std::optional<Refusal> settle(const std::vector<const Answer*>& answers) override {
    std::optional<Refusal> refusal;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      detail::keep_worse(refusal, detail::read_into(facts_[i], *answers[i], values_[i]));
    }
    return refusal;
  }
  std::vector<T> await_resume() {
    std::vector<T> values;
    for (std::optional<T>& value : values_) values.push_back(std::move(*value));
    return values;
  }

 private:
  std::vector<Fact<T>> facts_;
  std::vector<std::optional<T>> values_;
  std::optional<ListPart> part_;
};

/// Waits for what several waits wait for, in one round.
template <class... Waits>
class AllWaits final : public detail::FactWait {
 public:
  explicit AllWaits(Waits... waits) : waits_(std::move(waits)...) {}

  bool await_ready() const { return requests().empty(); }
  std::vector<Request> requests() const override {
    std::vector<Request> requests;
    std::apply([&](const auto&... wait) { (append(requests, wait.requests()), ...); }, waits_);
    return requests;
  }
  std::optional<Refusal> settle(const std::vector<const Answer*>& answers) override {
    std::optional<Refusal> refusal;
    auto next = answers.begin();
    const auto settle_one = [&](auto& wait) {
      const auto end = next + static_cast<std::ptrdiff_t>(wait.requests().size());
      detail::keep_worse(refusal, wait.settle({next, end}));
      next = end;
    };
    std::apply([&](auto&... wait) { (settle_one(wait), ...); }, waits_);
    return refusal;
  }
  auto await_resume() {
    return std::apply(
        [](auto&... wait) { return std::tuple<decltype(wait.await_resume())...>(wait.await_resume()...); }, waits_);
  }

 private:
  static void append(std::vector<Request>& list, std::vector<Request> more) {
    list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  std::tuple<Waits...> waits_;
};

template <class T>
OneFact<T> waiting_for(Fact<T> fact) {
  return OneFact<T>(std::move(fact));
}
template <class T>
EachFact<T> waiting_for(std::vector<Fact<T>> facts) {
  return EachFact<T>(std::move(facts));
}

template <class T>
OneFact<T> operator co_await(Fact<T> fact) {
  return waiting_for(std::move(fact));
}

/// `auto both = co_await all(x, y); auto& [a, b] = both;`: facts that do not depend on each other, in one round. Each
/// is a fact, or a list of facts of one type, whose values come as a list.
template <class... Facts>
auto all(Facts... facts) {
  return AllWaits(waiting_for(std::move(facts))...);
}

/// A list alone.
template <class T>
EachFact<T> each(std::vector<Fact<T>> facts) {
  return waiting_for(std::move(facts));
}

/// The same, as a part of a list that is longer than what is asked for at once.
template <class T>
EachFact<T> each(std::vector<Fact<T>> facts, ListPart part) {
  return EachFact<T>(std::move(facts), part);
}

}  // namespace readyctl
