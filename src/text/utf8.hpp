// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace storemark {

/// Whether a text is well-formed UTF-8, without overlong forms and surrogates.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace storemark
