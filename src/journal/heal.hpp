// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <storemark/record.hpp>

#include "journal/recovery.hpp"

namespace storemark {

/// The record that healing leaves in every slot: the newest, or a new one that says what the
/// verdict says. The reading must have a record.
[[nodiscard]] Record healed_record(const recovery::Reading& reading);

}  // namespace storemark
