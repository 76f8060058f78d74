// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <storemark/record.hpp>

namespace storemark {

/// Puts the store into a view that began when it held `sequence` events. A view in which nothing
/// was applied is folded away.
void enter_view(Record& record, const View& view, std::uint64_t sequence);

}  // namespace storemark
