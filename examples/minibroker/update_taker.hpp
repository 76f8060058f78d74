// SPDX-License-Identifier: Apache-2.0
// The joiner's side of an update: the donor's copy, whole and checked, or an error and nothing.
#pragma once

#include <filesystem>
#include <storemark/driver.hpp>

namespace minibroker {

/// Takes the donor's store into `directory`, which has none. Durable on return; a crash leaves no
/// store or the whole of it. Throws std::exception: the donor is gone or silent, what came is cut
/// short or changed, the copy was cancelled, or the system said no.
void take_copy(const std::filesystem::path& directory, const storemark::UpdateTicket& donor,
               storemark::UpdateProgress& progress);

/// Moves the store in `directory` to backup.NNNN beside it, the next number that is free, and
/// returns that; nothing where there is no store. Durable on return.
std::filesystem::path move_aside(const std::filesystem::path& directory);

}  // namespace minibroker
