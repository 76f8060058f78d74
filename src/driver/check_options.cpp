// SPDX-License-Identifier: Apache-2.0
#include "driver/check_options.hpp"

#include "restart/wire.hpp"
#include "text/utf8.hpp"

namespace storemark::driver {
namespace {

static_assert(max_event_bytes == wire::max_event_payload);
static_assert(max_address_bytes == wire::max_address);
static_assert(max_wait_for == wire::max_wait_for);

tl::unexpected<Error> no(const char* option, std::string why, std::string todo) {
  return tl::unexpected(Error{Errc::invalid_argument, "the driver was not started",
                              std::string("DriverOptions::") + option, std::move(why),
                              std::move(todo)});
}

std::string at_most(std::size_t most, const char* what) {
  return "give at most " + std::to_string(most) + ' ' + what;
}

}  // namespace

Result<void> check_options(const DriverOptions& options) {
  if (options.label.size() > max_label_bytes) {
    return no("label", std::to_string(options.label.size()) + " bytes are too many",
              at_most(max_label_bytes, "bytes"));
  }
  if (!is_utf8(options.label)) return no("label", "it is not UTF-8", "give it in UTF-8");
  if (options.address.size() > max_address_bytes) {
    return no("address", std::to_string(options.address.size()) + " bytes are too many",
              at_most(max_address_bytes, "bytes"));
  }
  if (options.wait_for > max_wait_for) {
    return no("wait_for", std::to_string(options.wait_for) + " members are too many",
              at_most(max_wait_for, "members"));
  }
  if (options.kind == MemberKind::persistent && options.directory.empty()) {
    return no("directory", "it is empty", "name the data directory, or be a transient member");
  }
  if (options.journal.interval.count() < 0) {
    return no("journal.interval", "it is negative", "give zero for none, or a time");
  }
  if (options.time_limit.count() < 0) {
    return no("time_limit", "it is negative", "give zero for none, or a time");
  }
  return {};
}

}  // namespace storemark::driver
