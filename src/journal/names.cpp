// SPDX-License-Identifier: Apache-2.0
// Names of the public enumerations, as the tool prints them.
#include <storemark/examine.hpp>
#include <storemark/version.hpp>

#define STOREMARK_TEXT_(x) #x
#define STOREMARK_TEXT(x) STOREMARK_TEXT_(x)

namespace storemark {

std::string_view to_string(StoreState state) noexcept {
  switch (state) {
    case StoreState::none:
      return "none";
    case StoreState::empty:
      return "empty";
    case StoreState::updating:
      return "updating";
    case StoreState::dirty:
      return "dirty";
    case StoreState::clean:
      return "clean";
  }
  return "unknown";
}

std::string_view to_string(Diagnosis diagnosis) noexcept {
  switch (diagnosis) {
    case Diagnosis::none:
      return "none";
    case Diagnosis::absent:
      return "absent";
    case Diagnosis::lost:
      return "lost";
    case Diagnosis::hollow:
      return "hollow";
    case Diagnosis::damaged:
      return "damaged";
    case Diagnosis::future:
      return "future";
    case Diagnosis::foreign:
      return "foreign";
  }
  return "unknown";
}

std::string_view to_string(Certainty certainty) noexcept {
  switch (certainty) {
    case Certainty::exact:
      return "exact";
    case Certainty::between:
      return "between";
    case Certainty::at_least:
      return "at least";
  }
  return "unknown";
}

std::string_view to_string(SlotHealth health) noexcept {
  switch (health) {
    case SlotHealth::current:
      return "current";
    case SlotHealth::older:
      return "older";
    case SlotHealth::zero:
      return "zero";
    case SlotHealth::invalid:
      return "invalid";
    case SlotHealth::malformed:
      return "malformed";
    case SlotHealth::misplaced:
      return "misplaced";
    case SlotHealth::foreign:
      return "foreign";
    case SlotHealth::future:
      return "future";
    case SlotHealth::unreadable:
      return "unreadable";
  }
  return "unknown";
}

std::string_view version() noexcept {
  return STOREMARK_TEXT(STOREMARK_VERSION_MAJOR) "." STOREMARK_TEXT(
      STOREMARK_VERSION_MINOR) "." STOREMARK_TEXT(STOREMARK_VERSION_PATCH);
}

}  // namespace storemark
