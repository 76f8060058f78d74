// SPDX-License-Identifier: Apache-2.0
// What a member announces of itself: its configuration, and what its journal says.
#pragma once

#include <storemark/driver.hpp>
#include <storemark/journal.hpp>

namespace storemark::driver {

/// A transient member: `id` is made for this run.
[[nodiscard]] Announcement announce_transient(const DriverOptions& options, const MemberId& id,
                                              const Incarnation& incarnation,
                                              const InitialUuid& proposal);

/// A persistent member. Before anything was written in this run: what the open found; afterwards
/// (`touched`) the newest record, which is exact.
[[nodiscard]] Announcement announce_store(const DriverOptions& options, const Journal& journal,
                                          bool touched, const InitialUuid& proposal);

/// How many events the store counts itself, at least: below the announced sequence where an
/// operator's mark has raised that, and 0 where the store does not say.
[[nodiscard]] std::uint64_t held_by(const StoreFacts& facts);

}  // namespace storemark::driver
