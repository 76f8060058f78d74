// SPDX-License-Identifier: Apache-2.0
// Replacing a store by a copy of another member's.
#pragma once

#include <filesystem>
#include <storemark/journal.hpp>

#include "message_store.hpp"

namespace store_module {

/// Gives the store in `directory` the content of the one in `donor`, which may be in use. The old
/// one is kept beside it. Returns the new store; the journal says dirty, and activate() comes next.
/// Killed anywhere, or on any exception, the journal says updating, and the call can be made again.
/// Throws JournalError, StoreError, and std::runtime_error for a donor that cannot give.
[[nodiscard]] MessageStore take_update(storemark::Journal& journal, MessageStore&& store,
                                       const std::filesystem::path& directory,
                                       const std::filesystem::path& donor);

}  // namespace store_module
