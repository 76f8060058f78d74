// SPDX-License-Identifier: Apache-2.0
// A broker whose store is a list in memory, for tests of the driver: what was synced survives it,
// what was not does not.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <storemark/driver.hpp>
#include <string>
#include <vector>

namespace storemark::test {

/// What is on the disk.
struct SmallStore {
  std::vector<std::string> events;
  /// Above their number after an operator's mark, or where a member was active before.
  std::uint64_t sequence = 0;
};

/// Where donors leave what joiners take: tickets.
class Exchange {
 public:
  void give(const Uuid& ticket, SmallStore store);
  void end(const Uuid& ticket);
  [[nodiscard]] std::optional<SmallStore> take(const Uuid& ticket);
  [[nodiscard]] std::size_t open() const;

 private:
  mutable std::mutex mutex_;
  std::map<Uuid, SmallStore> stores_;
};

class SmallBroker : public Broker {
 public:
  enum class Failing : std::uint8_t { never, returns, throws, throws_nonsense };

  SmallBroker(SmallStore& disk, Exchange& exchange) : disk_(disk), exchange_(exchange) {}

  /// The call of this name fails.
  void fail(std::string call, Failing how);
  /// The call of this name waits: an update and a restore until they are cancelled, any other until
  /// let_go().
  void hold(std::string call);
  void let_go();

  // What was seen. Threads: any.
  [[nodiscard]] std::vector<std::string> calls() const;
  [[nodiscard]] std::vector<Status> statuses() const;
  [[nodiscard]] std::map<std::uint64_t, std::uint64_t> confirmed_tokens() const;
  [[nodiscard]] std::set<std::uint64_t> dropped_tokens() const;
  [[nodiscard]] std::uint64_t confirmed_below(std::uint64_t token) const;
  [[nodiscard]] unsigned times_room() const;
  [[nodiscard]] Status last_status() const;
  [[nodiscard]] std::optional<Stopped> end() const;
  [[nodiscard]] std::vector<std::string> events() const;
  /// Waits until it is so, which is looked at after each call on this broker; false: never was, in
  /// a time that is long for any machine.
  [[nodiscard]] bool until(const std::function<bool()>& so) const;
  [[nodiscard]] bool until_ready() const;
  [[nodiscard]] bool until_applied(std::size_t count) const;
  [[nodiscard]] bool until_called(const std::string& call) const;

  /// Called from within each call, with its name.
  void set_during(std::function<void(const std::string& call)> during);

  [[nodiscard]] Result<StoreFacts> look() override;
  [[nodiscard]] Result<void> restore(UpdateProgress& progress) override;
  [[nodiscard]] Result<void> discard() override;
  [[nodiscard]] Result<std::uint64_t> take_update(const UpdateTicket& donor,
                                                  UpdateProgress& progress) override;
  [[nodiscard]] Result<void> give_update(const UpdateTicket& joiner) override;
  void end_giving(const Uuid& ticket) override;
  [[nodiscard]] Result<void> activated(std::uint64_t sequence) override;
  [[nodiscard]] Result<void> apply(std::uint64_t n, std::span<const std::uint8_t> event) override;
  [[nodiscard]] Result<void> sync() override;
  [[nodiscard]] std::optional<StoreTag> tag() override;
  void confirmed(std::uint64_t token, std::uint64_t n) override;
  void dropped(std::uint64_t token) override;
  void room() override;
  void stepped_down() override;
  void status(const Status& status) override;
  void stopped(const Stopped& how) override;

 private:
  /// Notes the call, waits or throws if a test wants it; the error that it is to return.
  [[nodiscard]] std::optional<Error> enter(const std::string& call);
  /// The same for a call that is told when to give up, and does.
  [[nodiscard]] std::optional<Error> work(const std::string& call, UpdateProgress& progress);

  SmallStore& disk_;
  Exchange& exchange_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::function<void(const std::string& call)> during_;
  std::map<std::string, Failing> failing_;
  std::set<std::string> held_;
  SmallStore live_;
  std::vector<std::string> calls_;
  std::vector<Status> statuses_;
  std::map<std::uint64_t, std::uint64_t> confirmed_;
  std::set<std::uint64_t> dropped_;
  std::optional<Stopped> end_;
};

}  // namespace storemark::test
