// SPDX-License-Identifier: Apache-2.0
// Records that change more than the sequence and still cost one flush: a membership change, the
// caller's payload.
#include "journal/view_change.hpp"

#include "journal/core.hpp"
#include "journal/errors.hpp"

namespace storemark {

void enter_view(Record& record, const View& view, std::uint64_t sequence) {
  record.view = view;
  // A view in which nothing was applied is no part of the position.
  if (!record.history.empty() && record.history.back().from == sequence) record.history.pop_back();
  record.history.push_back({view.id, sequence, static_cast<std::uint16_t>(view.members.size())});
  if (record.history.size() > max_history) {
    record.history_digest = codec::fold_history(record.history_digest, record.history.front());
    ++record.folded;
    record.history.erase(record.history.begin());
  }
}

Result<void> Core::rewrite(Record next) {
  if (auto named = check_name_now_and_then(); !named) return named;
  if (auto staged = stage(next); !staged) return staged;
  const BodyHash hash = codec::body_hash(slots_->staged());
  if (auto written = write_staged_pair(hash); !written) return written;
  const std::uint64_t floor = next.floor;
  const std::uint64_t ceiling = next.ceiling;
  publish(std::move(next), hash);
  const std::lock_guard lock(mutex_);
  ++health_.sequence_writes;
  gate_.advance(floor, ceiling);
  return {};
}

Result<void> Core::change_view(std::uint64_t permit, const View& view, std::uint64_t sequence,
                               bool sole) {
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  if (auto sane = check_jump(sequence, "the view was not recorded"); !sane) return sane;
  const Turn turn(*this);
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  Record next = current_;
  next.floor = std::max(next.floor, gate_.noted());
  if (sequence < next.floor) {
    return fail(Errc::sequence_goes_down, "the view was not recorded", environment_.path,
                std::to_string(sequence) + " is below " + std::to_string(next.floor) +
                    ", which the store was said to hold",
                "count again what the store holds");
  }
  next.floor = sequence;
  next.ceiling = std::max({next.ceiling, gate_.wanted(), sequence});
  next.sole = sole;
  enter_view(next, view, sequence);
  if (auto written = rewrite(std::move(next)); !written) return written;
  gate_.note(sequence);
  return {};
}

Result<void> Core::write_payload(std::uint64_t permit, std::span<const std::uint8_t> payload) {
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  const Turn turn(*this);
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  Record next = current_;
  next.floor = std::max(next.floor, gate_.noted());
  next.ceiling = std::max({next.ceiling, gate_.wanted(), next.floor});
  next.payload.assign(payload.begin(), payload.end());
  return rewrite(std::move(next));
}

}  // namespace storemark
