// SPDX-License-Identifier: Apache-2.0
// The broker, as it is called: what it throws becomes an error, and never unwinds a thread of ours.
#pragma once

#include <storemark/driver.hpp>

namespace storemark::driver {

class GuardedBroker final : public Broker {
 public:
  explicit GuardedBroker(Broker& broker) : broker_(broker) {}

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

  /// What a call that returns no error has thrown first, once.
  [[nodiscard]] std::optional<Error> take_failure();
  /// There is one to be taken.
  [[nodiscard]] bool has_failed() const noexcept { return failure_.has_value(); }

 private:
  template <class Call>
  void note_failure(const char* name, Call call);

  Broker& broker_;
  std::optional<Error> failure_;
};

}  // namespace storemark::driver
