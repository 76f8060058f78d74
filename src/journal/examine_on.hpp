// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <storemark/examine.hpp>

#include "journal/environment.hpp"

namespace storemark {

/// As examine(), on any environment.
[[nodiscard]] Result<Examination> examine_on(Environment& environment, const StoreFacts& facts);

}  // namespace storemark
