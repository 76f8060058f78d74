// SPDX-License-Identifier: Apache-2.0
// Shorthand for making errors.
#pragma once

#include <storemark/error.hpp>
#include <string>
#include <utility>

namespace storemark {

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string what, std::string where,
                                                std::string why, std::string todo,
                                                int os_error = 0) {
  return tl::unexpected<Error>(
      Error{code, std::move(what), std::move(where), std::move(why), std::move(todo), os_error});
}

}  // namespace storemark
