// SPDX-License-Identifier: Apache-2.0
// The permits as handles: each call goes to the core, unless the permit no longer counts.
#include <storemark/journal.hpp>

#include "journal/core.hpp"
#include "journal/errors.hpp"

namespace storemark {
namespace {

tl::unexpected<Error> revoked() {
  return fail(Errc::permit_revoked, "the call was refused", "permit",
              "the permit was consumed, dropped or moved", "activate again to get a new one");
}

void drop(const std::shared_ptr<Core>& core, std::uint64_t number) {
  if (core && core->gate().permit() == number) core->revoke();
}

/// What a permit that was moved from looks at: no number is let through.
detail::GateWords* nothing() {
  static detail::GateWords shut;
  return &shut;
}

}  // namespace

WritePermit::WritePermit(std::shared_ptr<Core> core, std::uint64_t number) noexcept
    : core_(std::move(core)), words_(core_->gate().words()), number_(number) {}
WritePermit::WritePermit(WritePermit&& other) noexcept
    : core_(std::move(other.core_)),
      words_(std::exchange(other.words_, nothing())),
      number_(other.number_) {}
WritePermit& WritePermit::operator=(WritePermit&& other) noexcept {
  if (this == &other) return *this;
  drop(core_, number_);
  core_ = std::move(other.core_);
  words_ = std::exchange(other.words_, nothing());
  number_ = other.number_;
  return *this;
}
WritePermit::~WritePermit() { drop(core_, number_); }

/// In a forked child every number is stale; the core says why.
Result<Core*> WritePermit::live() const {
  if (!core_) return revoked();
  if (core_->gate().permit() == number_) return core_.get();
  if (auto usable = core_->check_usable(); !usable) return tl::unexpected(usable.error());
  return revoked();
}

Result<void> WritePermit::write_sequence(std::uint64_t n) {
  const auto core = live();
  return core ? (*core)->write_sequence(number_, n) : tl::unexpected(core.error());
}

Result<void> WritePermit::reserve_more(std::uint64_t n) {
  const auto core = live();
  return core ? (*core)->reserve(number_, n) : tl::unexpected(core.error());
}

Result<void> WritePermit::note_or_refuse(std::uint64_t n) {
  const auto core = live();
  return core ? (*core)->note(number_, n) : tl::unexpected(core.error());
}

Result<void> WritePermit::change_view(const View& view, std::uint64_t sequence, bool sole) {
  const auto core = live();
  return core ? (*core)->change_view(number_, view, sequence, sole) : tl::unexpected(core.error());
}

Result<void> WritePermit::write_payload(std::span<const std::uint8_t> payload) {
  const auto core = live();
  return core ? (*core)->write_payload(number_, payload) : tl::unexpected(core.error());
}

std::uint64_t WritePermit::durable_floor() const noexcept {
  return core_ ? core_->gate().durable_floor() : 0;
}
std::uint64_t WritePermit::durable_ceiling() const noexcept {
  return core_ ? core_->gate().durable_ceiling() : 0;
}

UpdatePermit::UpdatePermit(std::shared_ptr<Core> core, std::uint64_t number) noexcept
    : core_(std::move(core)), number_(number) {}
UpdatePermit::UpdatePermit(UpdatePermit&&) noexcept = default;
UpdatePermit& UpdatePermit::operator=(UpdatePermit&& other) noexcept {
  if (this == &other) return *this;
  drop(core_, number_);
  core_ = std::move(other.core_);
  number_ = other.number_;
  return *this;
}
UpdatePermit::~UpdatePermit() { drop(core_, number_); }

}  // namespace storemark
